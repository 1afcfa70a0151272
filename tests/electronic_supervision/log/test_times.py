from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.refusal import BadTimeError
from services.electronic_supervision.log.times import read_as_of, time_reader

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOSTON = ZoneInfo("America/New_York")
read = time_reader(SHANGHAI, ())


def instant(
    year: int, month: int, day: int, *clock: int, micros: int = 0, zone: ZoneInfo = SHANGHAI
) -> Moment:
    hour, minute, second = (*clock, 0, 0, 0)[:3]
    return Moment.instant(datetime(year, month, day, hour, minute, second, micros, tzinfo=zone))


THAT_DAY = Moment.day(date(2019, 4, 25), SHANGHAI)
THAT_MINUTE = instant(2019, 4, 25, 9, 32)
THAT_SECOND = instant(2019, 4, 25, 9, 32, 9)


@pytest.mark.parametrize(
    "text",
    [
        "2019-04-25",
        "2019-4-25",
        "2019/4/25",
        "2019/04/25",
        "2019.4.25",
        "20190425",
        "2019年4月25日",
        "2019 年 04 月 25 日",
        "2019年4月25号",
        "２０１９年４月２５日",
        "２０１９－０４－２５",
        "\u30002019-04-25\u00a0",
    ],
)
def test_a_date_without_time_is_that_whole_day(text: str) -> None:
    assert read(text) == THAT_DAY


def test_the_first_and_the_last_day_there_are_can_be_read() -> None:
    last = read("9999-12-31")
    first = read("0001-01-01")
    assert last is not None
    assert first is not None
    assert first.earliest < first.latest < last.earliest < last.latest


def test_an_hour_alone_is_a_time_of_day() -> None:
    assert read("2019年4月25日 9时") == read("2019年4月25日9点") == instant(2019, 4, 25, 9)


@pytest.mark.parametrize(
    "text",
    [
        "2019-04-25 09:32",
        "2019-04-25T09:32",
        "2019/4/25 9:32",
        "2019/4/25  9:32",
        "2019.4.25 9:32",
        "201904250932",
        "2019年4月25日9:32",
        "2019年4月25日 9时32分",
        "2019年4月25日9点32分",
        "２０１９年４月２５日　９：３２",
        "2019-04-25T01:32Z",
        "2019-04-25 01:32z",
        "2019-04-25T09:32+08",
        "2019-04-25T09:32+0800",
        "2019-04-25T09:32 +08:00",
        "2019-04-24T20:32-05:00",
    ],
)
def test_a_minute_is_read_as_its_first_instant(text: str) -> None:
    assert read(text) == THAT_MINUTE


@pytest.mark.parametrize(
    "text",
    [
        "2019-04-25 09:32:09",
        "2019-04-25t09:32:09",
        "2019/4/25 9:32:09",
        "20190425093209",
        "20190425 093209",
        "20190425T093209+0800",
        "20190425 09:32:09",
        "2019年4月25日9:32:09",
        "2019年4月25日 9时32分9秒",
        "2019年04月25日 09时32分09秒",
        "2019-04-25T09:32:09.000+08:00",
    ],
)
def test_seconds_are_read_in_every_common_form(text: str) -> None:
    assert read(text) == THAT_SECOND


def test_a_fraction_is_cut_to_microseconds() -> None:
    assert read("2019-04-25T09:32:09.1234569999") == instant(2019, 4, 25, 9, 32, 9, micros=123456)
    assert read("2019-04-25T09:32:09,5") == instant(2019, 4, 25, 9, 32, 9, micros=500_000)
    assert read("2019-04-25 09:32:09.0") == THAT_SECOND


def test_midnight_told_as_such_is_an_instant() -> None:
    assert read("2019-04-25 00:00:00") == instant(2019, 4, 25)


@pytest.mark.parametrize(
    "text", ["2019-04-30 24:00", "2019/4/30 24:00:00", "20190430240000", "2019年4月30日24时00分"]
)
def test_hour_24_is_the_end_of_that_day(text: str) -> None:
    assert read(text) == instant(2019, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "10/11/2015",
        "10/11/2015 09:32",
        "25.04.2019",
        "19-04-25",
        "2019-04",
        "2019/4-25",
        "2019-02-29",
        "2019-13-01",
        "2019-04-25 25:00",
        "2019-04-25 24:01",
        "2019-04-25 09:60",
        "2019-04-25 23:59:60",
        "2019-04-25T09:32+24:00",
        "2019-04-25T09:32+08:99",
        "2019-04-25T09",
        "2019-04-25+08:00",
        "2019年4月25",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00+08:00",
        "9999-12-31T23:59-01:00",
        "9999-12-31 24:00",
        "1556156000",
        "1556156000000",
        "43580.397",
        "明天",
        "-",
        "",
        "2019-04-25 09:32 CST",
        "x" * 10_000,
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_not_read(text: str) -> None:
    assert read(text) is None


def test_the_maps_formats_are_tried_first_and_in_order() -> None:
    us_then_eu = time_reader(BOSTON, ("%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y"))
    assert us_then_eu("01/02/2015 10:25:02 PM") == instant(2015, 1, 2, 22, 25, 2, zone=BOSTON)
    assert us_then_eu("01/02/2015") == Moment.day(date(2015, 2, 1), BOSTON)
    assert us_then_eu("2015-02-01") == Moment.day(date(2015, 2, 1), BOSTON)
    assert us_then_eu("13/13/2015") is None
    assert time_reader(SHANGHAI, ("%Y%d%m",))("20190504") == Moment.day(date(2019, 4, 5), SHANGHAI)


def test_a_format_with_an_offset_is_not_in_the_maps_zone() -> None:
    with_offset = time_reader(SHANGHAI, ("%d/%m/%Y %H:%M %z",))
    assert with_offset("25/04/2019 01:32 +0000") == THAT_MINUTE


def test_a_format_may_be_written_in_full_width_signs() -> None:
    full_width = time_reader(SHANGHAI, ("%d日%m月%Y年　%H：%M",))
    assert full_width("25日4月2019年 09：32") == THAT_MINUTE


def test_a_format_that_leaves_the_calendar_is_not_read() -> None:
    assert time_reader(SHANGHAI, ("%d/%m/%Y %z",))("01/01/0001 +1400") is None
    assert time_reader(SHANGHAI, ("%d/%m/%Y",))("32/12/2019") is None


def test_times_from_a_workbook_are_taken_as_they_are() -> None:
    assert read(datetime(2019, 4, 25, 9, 32)) == THAT_MINUTE
    assert read(date(2019, 4, 25)) == THAT_DAY


def test_an_hour_that_comes_twice_is_its_first_and_one_that_never_comes_is_read_too() -> None:
    boston = time_reader(BOSTON, ())
    twice, never = boston("2015-11-01 01:30"), boston("2015-03-08 02:30")
    assert twice is not None
    assert twice.earliest == datetime(2015, 11, 1, 5, 30, tzinfo=UTC)
    assert never is not None
    assert never.earliest == datetime(2015, 3, 8, 7, 30, tzinfo=UTC)


@given(st.text(max_size=40))
def test_no_text_is_too_strange_to_be_answered(text: str) -> None:
    for reader in (read, time_reader(BOSTON, ("%c", "%m/%d/%Y %I:%M:%S %p"))):
        moment = reader(text)
        assert moment is None or moment.earliest <= moment.latest


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),
    st.timedeltas(timedelta(hours=-14), timedelta(hours=14)),
)
def test_every_iso_time_python_writes_is_read_back(at: datetime, offset: timedelta) -> None:
    whole = timedelta(minutes=offset // timedelta(minutes=1))
    aware = at.replace(tzinfo=timezone(whole))
    assert read(aware.isoformat()) == Moment.instant(aware)


def test_a_time_given_by_hand_is_an_instant_and_a_date_its_first() -> None:
    assert read_as_of("2011-03-01T00:00:00+01:00", SHANGHAI) == datetime(
        2011, 2, 28, 23, tzinfo=UTC
    )
    assert read_as_of("2011-03-01 08:00", SHANGHAI) == datetime(2011, 3, 1, tzinfo=UTC)
    assert read_as_of("2011-03-01", SHANGHAI) == datetime(2011, 2, 28, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "10/11/2015", "9999-12-31T23:59-01:00"])
def test_a_time_given_by_hand_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadTimeError) as caught:
        read_as_of(text, SHANGHAI)
    assert caught.value.code == "time-unreadable"
