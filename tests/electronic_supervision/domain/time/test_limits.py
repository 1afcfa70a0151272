"""Where a limit ends."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.facts import Accepted, Fact
from services.electronic_supervision.domain.time.count import end_of
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Due,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from tests.electronic_supervision.domain.timeline import (
    CALENDAR,
    OFFICE,
    WUHU,
    accepted,
    due,
    due_or_never,
    histories,
    instants,
    limits,
    local,
)

MONDAY = "2026-11-23 10:00"


def ends(limit: Limit, start: str = MONDAY) -> Due:
    end = due([accepted(start)], limit)
    assert end is not None
    return end


@pytest.mark.parametrize(
    ("limit", "start", "end"),
    [
        (WorkingDays(1), MONDAY, "2026-11-25 00:00"),
        (WorkingDays(5), MONDAY, "2026-12-01 00:00"),
        (WorkingDays(3), "2026-09-29 16:00", "2026-10-10 00:00"),  # 国庆节
        (WorkingDays(4), "2026-09-29 16:00", "2026-10-11 00:00"),  # 10-10 调休上班
        (WorkingDays(5), "2026-11-28 10:00", "2026-12-05 00:00"),  # accepted on a Saturday
        (CalendarDays(4), MONDAY, "2026-11-28 00:00"),
        (CalendarDays(5), MONDAY, "2026-12-01 00:00"),  # Saturday moves to Monday
        (CalendarDays(9), "2026-09-23 10:00", "2026-10-09 00:00"),  # 10-02 moves past 国庆节
        (OfficeHours(timedelta(hours=4)), MONDAY, "2026-11-23 16:00"),
        (OfficeHours(timedelta(hours=2)), MONDAY, "2026-11-23 12:00"),
        (OfficeHours(timedelta(hours=1)), "2026-11-27 17:00", "2026-11-30 09:30"),
        (OfficeHours(timedelta(hours=1)), "2026-11-28 17:00", "2026-11-30 10:00"),
        (Hours(timedelta(hours=72)), MONDAY, "2026-11-26 10:00"),
    ],
)
def test_a_limit_ends_when_the_law_says(limit: Limit, start: str, end: str) -> None:
    assert ends(limit, start).at == local(end)


def test_finishing_on_the_last_day_is_on_time_and_a_moment_after_it_is_not() -> None:
    end = ends(WorkingDays(5))
    assert end.on == date(2026, 11, 30)
    assert not end.missed_by(Moment.instant(local("2026-11-30 23:59:59")))
    assert end.missed_by(Moment.instant(local("2026-12-01 00:00")))


def test_a_finish_of_which_only_the_day_is_known_gets_the_benefit_of_the_doubt() -> None:
    end = ends(OfficeHours(timedelta(hours=4)))
    assert not end.missed_by(Moment.day(date(2026, 11, 23), WUHU))
    assert end.missed_by(Moment.day(date(2026, 11, 24), WUHU))


def test_hours_from_a_day_of_unknown_time_run_from_its_end() -> None:
    start = Moment.day(date(2026, 11, 23), WUHU)
    end = end_of(OfficeHours(timedelta(hours=1)), start, (), OFFICE)
    assert end is not None
    assert end.at == local("2026-11-24 10:00")


@pytest.mark.parametrize(
    ("limit", "provisional"),
    [
        (WorkingDays(28), False),
        (WorkingDays(29), True),
        (CalendarDays(38), False),
        (CalendarDays(39), True),  # 1 January, moved to a day that no notice has settled
        (OfficeHours(timedelta(hours=180)), False),
        (OfficeHours(timedelta(hours=190)), True),
        (Hours(timedelta(days=60)), False),  # the wall's clock needs no calendar
    ],
)
def test_an_end_beyond_the_last_notice_is_provisional(limit: Limit, provisional: bool) -> None:
    assert ends(limit).provisional is provisional


def test_an_end_in_calendar_days_asks_the_calendar_for_its_last_day_only() -> None:
    assert not ends(CalendarDays(10), "2003-12-30 10:00").provisional
    assert ends(WorkingDays(7), "2003-12-30 10:00").provisional


def test_a_hall_with_its_own_days_has_its_own_ends() -> None:
    hall = Office(calendar=CALENDAR.for_hall("大厅", weekdays=frozenset(range(6))), zone=WUHU)
    end = due([accepted(MONDAY)], WorkingDays(5), hall)
    assert end is not None
    assert end.on == date(2026, 11, 28)


def test_the_systems_own_end_is_taken_as_that_instant_or_the_end_of_that_day() -> None:
    def stated(moment: Moment) -> Due | None:
        at = Moment.instant(local(MONDAY))
        what = Accepted(unit="housing", stated_due=moment)
        return due([Fact(id="a", at=at, recorded_at=at.latest, what=what)], None)

    midnight = stated(Moment.instant(local("2026-11-29 00:00")))
    sunday = stated(Moment.day(date(2026, 11, 29), WUHU))
    assert midnight is not None
    assert sunday is not None
    assert (midnight.at, midnight.on) == (local("2026-11-29 00:00"), date(2026, 11, 29))
    assert (sunday.at, sunday.on) == (local("2026-11-30 00:00"), date(2026, 11, 29))


@given(instants, st.integers(1, 80), st.integers(1, 80))
def test_a_longer_limit_never_ends_earlier(start: datetime, a: int, b: int) -> None:
    shorter, longer = sorted((a, b))
    for unit in (WorkingDays, CalendarDays):
        facts = [accepted(start)]
        assert due_or_never(facts, unit(shorter)) <= due_or_never(facts, unit(longer))
    for timed in (OfficeHours, Hours):
        facts = [accepted(start)]
        earlier = due_or_never(facts, timed(timedelta(hours=shorter)))
        assert earlier <= due_or_never(facts, timed(timedelta(hours=longer)))


@given(histories(), limits, limits)
def test_ends_grow_with_the_limit_whatever_happened_to_the_case(
    facts: list[Fact], a: Limit, b: Limit
) -> None:
    if type(a) is type(b):
        shorter, longer = sorted((a, b), key=amount_of)
        assert due_or_never(facts, shorter) <= due_or_never(facts, longer)


def amount_of(limit: Limit) -> float:
    match limit:
        case WorkingDays(n) | CalendarDays(n):
            return n
        case OfficeHours(time) | Hours(time):
            return time.total_seconds()
