"""The working calendar: what the notices settle, and what stays provisional."""

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.calendar_source import settled_through
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.time.calendar import DayKind
from services.electronic_supervision.domain.time.notice import Notice, amend, extend
from tests.electronic_supervision.domain.timeline import CALENDAR

days = st.dates(date(2003, 1, 1), date(2040, 12, 31))
NOTICE_FOR_2027 = Notice(
    version="CN-2027",
    through=date(2027, 12, 31),
    rest={date(2027, 2, day): "春节" for day in range(5, 13)} | {date(2027, 1, 1): "元旦"},
    work={date(2027, 1, 30): "春节", date(2027, 2, 14): "春节"},
)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_every_published_day_is_worked_or_not_as_the_notices_say() -> None:
    for day in every_day(date(2004, 1, 1), date(2026, 12, 31)):
        assert CALENDAR.day(day).working == chinese_calendar.is_workday(day), day


def test_a_swapped_saturday_is_worked_and_named_after_its_festival() -> None:
    assert CALENDAR.day(date(2026, 10, 10)) == (True, DayKind.SWAPPED, "国庆节")


def test_2027_works_today_with_statutory_festivals_only() -> None:
    off = [
        day
        for day in every_day(date(2027, 1, 1), date(2027, 12, 31))
        if CALENDAR.day(day).kind is DayKind.FESTIVAL
    ]
    assert [f"{day:%m-%d}" for day in off] == [
        *("01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02"),
        *("06-09", "09-15", "10-01", "10-02", "10-03"),
    ]
    assert not CALENDAR.is_confirmed(date(2027, 1, 4))


def test_new_years_eve_by_the_lunar_calendar_is_a_festival_since_2025() -> None:
    assert CALENDAR.day(date(2030, 2, 2)) == (False, DayKind.FESTIVAL, "农历除夕")


@pytest.mark.parametrize(
    ("year", "through"),
    [(2026, date(2026, 12, 31)), (2018, date(2018, 12, 28)), (2027, date(2027, 12, 31))],
)
def test_the_last_days_of_december_are_settled_only_if_no_notice_can_reach_back(
    year: int, through: date
) -> None:
    assert settled_through(year) == through


def test_no_notice_ever_reached_further_back_than_the_horizon_says() -> None:
    for year in range(2004, 2026):
        for day in every_day(date(year, 12, 1), settled_through(year)):
            assert CALENDAR.day(day).kind in {DayKind.WORKING, DayKind.WEEKEND}, day


@given(days, days)
def test_counting_working_days_is_the_same_as_looking_at_each(a: date, b: date) -> None:
    first, last = sorted((a, min(b, a + timedelta(days=400))))
    looked_at = [d for d in every_day(first, last)[1:] if CALENDAR.day(d).working]
    assert CALENDAR.working_days(first, last) == len(looked_at)


@given(days, st.integers(1, 300))
def test_the_nth_working_day_is_worked_and_is_the_nth(after: date, n: int) -> None:
    day = CALENDAR.nth_working_day(after, n)
    assert CALENDAR.day(day).working
    assert CALENDAR.working_days(after, day) == n


@given(days, st.integers(1, 10))
def test_going_back_as_many_working_days_leads_to_where_we_began(before: date, n: int) -> None:
    day = CALENDAR.nth_working_day_before(before, n)
    assert CALENDAR.working_days(day - timedelta(days=1), before - timedelta(days=1)) == n


@given(days)
def test_extending_the_calendar_moves_only_provisional_days(day: date) -> None:
    extended = extend(CALENDAR, NOTICE_FOR_2027)
    if day <= CALENDAR.confirmed_through or day > NOTICE_FOR_2027.through:
        assert extended.day(day) == CALENDAR.day(day)


def test_a_notice_settles_its_year() -> None:
    extended = extend(CALENDAR, NOTICE_FOR_2027)
    assert extended.is_confirmed(date(2027, 12, 31))
    assert extended.day(date(2027, 1, 30)).kind is DayKind.SWAPPED
    assert extended.day(date(2027, 6, 9)).working, "the notice, not the law, now decides"


def test_a_notice_for_a_settled_year_is_refused() -> None:
    late = Notice(version="CN-2026b", through=date(2026, 12, 31), rest={}, work={})
    with pytest.raises(Refused, match="notice-settles-nothing"):
        extend(CALENDAR, late)


def test_a_notice_that_contradicts_a_settled_day_is_refused() -> None:
    rest = {date(2026, 12, 30): "元旦"}
    contradicting = Notice(version="X", through=date(2027, 12, 31), rest=rest, work={})
    with pytest.raises(Refused, match="notice-changes-confirmed-day"):
        extend(CALENDAR, contradicting)


def test_a_notice_takes_the_place_of_the_provisional_festivals() -> None:
    rest = {date(2027, 1, 1): "元旦"}
    extended = extend(CALENDAR, replace(NOTICE_FOR_2027, rest=rest))
    assert extended.day(date(2027, 2, 8)).working


def test_a_notice_that_works_a_settled_day_off_is_refused() -> None:
    work = {date(2026, 12, 27): "元旦"}
    with pytest.raises(Refused, match="notice-changes-confirmed-day"):
        extend(CALENDAR, replace(NOTICE_FOR_2027, work=work))


def test_a_day_can_not_be_both_off_and_worked() -> None:
    both = {date(2027, 1, 2): "元旦"}
    with pytest.raises(Refused, match="day-both-off-and-worked"):
        extend(CALENDAR, replace(NOTICE_FOR_2027, rest=both, work=both))
    with pytest.raises(Refused, match="day-both-off-and-worked"):
        amend(CALENDAR, version="X", rest=both, work=both)


def test_an_amendment_may_turn_a_festival_into_a_working_day() -> None:
    day = date(2026, 10, 3)
    assert amend(CALENDAR, version="X", rest={}, work={day: "防汛"}).day(day).working


def test_before_the_first_notice_days_are_provisional_too() -> None:
    assert not CALENDAR.is_confirmed(date(2003, 12, 31))
    assert CALENDAR.is_confirmed(date(2004, 1, 1))


def test_an_amendment_changes_a_settled_day_under_a_new_version() -> None:
    day = date(2026, 12, 30)
    amended = amend(CALENDAR, version="CN-2026/抗疫", rest={day: "临时放假"}, work={})
    assert not amended.day(day).working
    assert amended.version != CALENDAR.version


def test_a_hall_may_open_on_saturdays_and_close_for_a_day() -> None:
    closed = date(2026, 11, 25)
    hall = CALENDAR.for_hall("政务大厅", weekdays=frozenset(range(6)), closed={closed: "停电"})
    assert hall.day(date(2026, 11, 28)).working
    assert hall.day(closed) == (False, DayKind.FESTIVAL, "停电")
    assert not hall.day(date(2026, 10, 3)).working, "a festival Saturday stays a day off"
    opened = CALENDAR.for_hall("值班大厅", opened={date(2026, 10, 3): "值班"})
    assert opened.day(date(2026, 10, 3)).working
    assert hall.version.endswith("/政务大厅")
