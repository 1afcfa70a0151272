"""When a system's silence is worth a word, and how what is missing is named."""

import re
from datetime import timedelta

import pytest

from kernel.intake.numbering import Gap
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.systems import CitySystem
from services.electronic_supervision.pages.sources.words import (
    ago_words,
    line,
    missing_words,
    settle_words,
    silence_words,
)
from services.electronic_supervision.reading.quarantine_words import (
    FIX,
    WHY,
    fix_words,
    why_words,
)
from services.electronic_supervision.reading.refusals import SETTLING
from services.electronic_supervision.reading.sources import SourceState
from tests.electronic_supervision.live.said import WUHU, local

OFFICE = Office(calendar=published_calendar(), zone=WUHU)
HOUR = timedelta(hours=1)


def silence(heard: str | None, now: str, settle: timedelta = timedelta()) -> str:
    state = SourceState(
        system=CitySystem(name="approvals", source="/approvals", settle=settle),
        heard_at=None if heard is None else local(heard),
        last_sequence=None,
        missing=(),
        held=0,
    )
    return silence_words(state, OFFICE, local(now))


def test_a_system_never_heard_from_says_so() -> None:
    assert silence(None, "2026-11-25 10:00") == "尚未报送过"


@pytest.mark.parametrize(
    ("heard", "now"),
    [
        ("2026-11-25 09:30", "2026-11-25 11:29"),
        ("2026-11-24 17:29", "2026-11-25 10:58"),  # a night is no silence
        ("2026-11-20 17:29", "2026-11-23 10:58"),  # nor is a weekend
        ("2026-11-25 11:30", "2026-11-25 15:29"),  # nor a noon
        ("2026-09-30 17:30", "2026-10-08 10:00"),  # nor the National Day
    ],
)
def test_a_system_is_not_called_silent_outside_office_hours(heard: str, now: str) -> None:
    assert silence(heard, now) == ""


@pytest.mark.parametrize(
    ("heard", "now", "words"),
    [
        ("2026-11-25 09:00", "2026-11-25 11:00", "办公时间内已 2 小时没有报送"),
        ("2026-11-24 16:30", "2026-11-25 11:00", "办公时间内已 3 小时没有报送"),
        ("2026-11-23 16:30", "2026-11-25 09:10", "已 1 个工作日没有报送"),
        ("2026-11-20 16:30", "2026-11-25 20:00", "已 2 个工作日没有报送"),
    ],
)
def test_silence_is_told_in_the_office_time_it_lasts(heard: str, now: str, words: str) -> None:
    assert silence(heard, now) == words


def test_a_system_that_uploads_at_night_is_not_silent_by_day() -> None:
    nightly = timedelta(hours=26)
    assert silence("2026-11-24 02:00", "2026-11-25 04:00", nightly) == ""
    assert silence("2026-11-24 02:00", "2026-11-25 10:00", nightly) == ""
    assert silence("2026-11-23 02:00", "2026-11-25 10:00", nightly) == "已 1 个工作日没有报送"


def test_missing_numbers_are_named_in_ranges_and_only_the_first_few() -> None:
    gaps = [Gap(source="/a", first=10 * n, last=10 * n + n) for n in range(7)]
    assert missing_words(gaps[:2]) == "0、10～11"
    assert missing_words(gaps) == "0、10～11、20～22、30～33、40～44 等 7 处"
    assert missing_words([]) == ""


@pytest.mark.parametrize(
    ("last", "heard", "told"),
    [
        (9, "2026-11-25 09:00", ("无", "9")),
        (None, "2026-11-25 09:00", ("—", "未编号")),
        (None, None, ("—", "—")),
    ],
)
def test_only_a_system_that_numbers_what_it_tells_can_lack_no_number(
    last: int | None, heard: str | None, told: tuple[str, str]
) -> None:
    state = SourceState(
        system=CitySystem(name="approvals", source="/approvals"),
        heard_at=None if heard is None else local(heard),
        last_sequence=last,
        missing=(),
        held=0,
    )
    words = line(state, OFFICE, local("2026-11-25 10:00"))
    assert (words["missing"], words["last"]) == told


@pytest.mark.parametrize(
    ("settle", "words"),
    [
        (timedelta(), "实时"),
        (HOUR / 2, "30 分钟"),
        (26 * HOUR, "26 小时"),
        (48 * HOUR, "2 天"),
        (HOUR * 3 / 2, "1 小时 30 分钟"),
        (timedelta(seconds=20), "不足 1 分钟"),
    ],
)
def test_the_time_for_uploads_is_named_as_people_say_it(settle: timedelta, words: str) -> None:
    assert settle_words(settle) == words


def test_how_long_ago_is_told_roughly() -> None:
    told = [ago_words(each) for each in (-HOUR, HOUR / 100, HOUR / 2, 26 * HOUR, 50 * HOUR)]
    assert told == ["刚刚", "刚刚", "30 分钟前", "26 小时前", "2 天前"]


def test_a_reason_names_the_field_and_what_is_wrong_with_it_in_chinese() -> None:
    assert why_words("schema-mismatch", "data.outcome", "Field required") == (
        "事件不符合约定的格式：字段 data.outcome 缺少该字段"
    )
    assert why_words("malformed-json", "", "key must be a string at line 1 column 24") == (
        "不是有效的 JSON：第1行第24列"
    )
    assert why_words("foreign-source", "source", "a system speaks under its own source only") == (
        "不能以其他系统的名义报送：字段 source"
    )


@pytest.mark.parametrize("code", sorted(WHY))
def test_every_reason_comes_with_what_can_be_done(code: str) -> None:
    assert fix_words(code) != fix_words("a code from the future")


@pytest.mark.parametrize("fix", [*FIX.values(), *(fix for *_, fix in SETTLING.values())])
def test_what_can_be_done_is_told_in_words_and_not_in_paths(fix: str) -> None:
    assert re.search(r"GET|POST|/|[{}<>]|JSON Schema|\.yaml", fix) is None


def test_a_reason_of_the_future_is_still_a_sentence() -> None:
    assert why_words("from-the-future", "", "words of a newer version") == "无法读取"
