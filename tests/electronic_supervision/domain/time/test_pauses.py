"""What stops a clock, and what only claims to."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given

from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.clocks import CITIZEN, clocks, course
from services.electronic_supervision.domain.facts import Fact, LimitExtended
from services.electronic_supervision.domain.terms import Standard, Terms
from services.electronic_supervision.domain.time.count import reach
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.timeline import (
    OFFICE,
    WUHU,
    accepted,
    due,
    due_or_never,
    fact,
    grounds,
    histories,
    instants,
    limits,
    local,
    paused,
    resumed,
    spans,
    terms,
    total_clock,
)

MONDAY = "2026-11-23 10:00"
FIVE_DAYS = WorkingDays(5)


def end_with(*facts: Fact, limit: Limit = FIVE_DAYS) -> datetime:
    return due_or_never([accepted(MONDAY), *facts], limit)


def test_the_days_on_which_a_pause_begins_and_ends_are_not_counted() -> None:
    hearing = paused("2026-11-25 10:00"), resumed("2026-11-27 15:00")
    assert end_with(*hearing) == local("2026-12-04 00:00")


def test_a_pause_within_one_day_costs_nothing_in_a_limit_of_days() -> None:
    lunch = paused("2026-11-25 10:00"), resumed("2026-11-25 15:00")
    assert end_with(*lunch) == end_with()


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2026-11-25 00:00", "2026-11-25 18:00"),
        ("2026-11-25 10:00", "2026-11-26 00:00"),
        ("2026-11-25 00:00", "2026-11-26 00:00"),
    ],
)
def test_a_pause_that_touches_midnight_takes_its_day_out_and_no_other(begin: str, end: str) -> None:
    assert end_with(paused(begin), resumed(end)) == local("2026-12-02 00:00")


@pytest.mark.parametrize(
    "ground",
    [
        *("hearing", "tender", "auction", "inspection", "testing", "quarantine"),
        *("appraisal", "expert-review"),
    ],
)
def test_the_law_names_eight_grounds_that_stop_every_clock(ground: str) -> None:
    assert due([accepted(MONDAY), paused("2026-11-25 10:00", ground)], WorkingDays(5)) is None


def test_an_end_that_moves_to_a_working_day_moves_past_a_pause_too() -> None:
    """The limit ends on Saturday the 28th; the pause takes Monday and Tuesday out."""
    pause = paused("2026-11-29 12:00"), resumed("2026-12-01 09:00")
    assert end_with(*pause, limit=CalendarDays(5)) == local("2026-12-03 00:00")


def test_two_pauses_that_meet_at_noon_are_like_one_that_spans_the_night() -> None:
    first = paused("2026-11-25 10:00", pause="1"), resumed("2026-11-25 15:00", pause="1")
    second = paused("2026-11-25 15:00", pause="2"), resumed("2026-11-26 09:00", pause="2")
    whole = paused("2026-11-25 10:00"), resumed("2026-11-26 09:00")
    assert end_with(*first, *second) == end_with(*whole)


def test_hours_stand_still_to_the_minute() -> None:
    limit = OfficeHours(timedelta(hours=4))
    pause = paused("2026-11-23 11:30"), resumed("2026-11-23 14:30")
    assert end_with(*pause, limit=limit) == local("2026-11-23 17:00")


@pytest.mark.parametrize(
    "limit", [FIVE_DAYS, CalendarDays(5), OfficeHours(timedelta(hours=30)), Hours(timedelta(7))]
)
def test_a_pause_that_ends_in_millennia_by_a_slip_costs_no_more_than_another(limit: Limit) -> None:
    clock = total_clock(
        [accepted(MONDAY), paused("2026-11-25 10:00"), resumed("8998-01-05 10:00")], limit
    )
    assert len([*reach(limit, clock.start.at, clock.pauses, OFFICE)]) < 100


def test_while_a_pause_lasts_the_limit_has_no_end() -> None:
    assert due([accepted(MONDAY), paused("2026-11-25 10:00")], WorkingDays(5)) is None


def test_a_pause_after_the_limit_saves_nothing() -> None:
    assert end_with(paused("2026-12-01 10:00")) == end_with()


def test_a_pause_without_a_legal_ground_stops_nothing_and_is_named() -> None:
    facts = [accepted(MONDAY), paused("2026-11-25 10:00", "publicity")]
    assert due_or_never(facts, WorkingDays(5)) == end_with()
    assert total_clock(facts, WorkingDays(5)).idle[0].facts == ("paused-1",)


def test_an_item_may_have_a_clause_of_its_own_for_a_pause() -> None:
    facts = [accepted(MONDAY), paused("2026-11-25 10:00", "publicity"), resumed("2026-11-27 10:00")]
    allowing = Terms(
        whole=Standard(rule="r", version=1, clause="c"),
        limit=WorkingDays(5),
        grounds={"publicity": "《办法》第八条"},
    )
    clock = next(clocks(fold(facts), allowing))
    end = course(clock, OFFICE).due
    assert end is not None
    assert end.at == local("2026-12-04 00:00")


def test_the_citizens_clock_never_pauses() -> None:
    facts = [accepted(MONDAY), paused("2026-11-25 10:00")]
    citizen = next(c for c in clocks(fold(facts), terms(WorkingDays(5))) if c.name == CITIZEN)
    end = course(citizen, OFFICE).due
    assert end is not None
    assert end.at == end_with()


def test_a_pause_of_which_only_the_days_are_known_takes_them_whole() -> None:
    begin = Moment.day(date(2026, 11, 25), WUHU)
    end = Moment.day(date(2026, 11, 26), WUHU)
    pause = (
        replace(paused("2026-11-25 10:00"), at=begin),
        replace(resumed("2026-11-26 10:00"), at=end),
    )
    assert end_with(*pause) == local("2026-12-03 00:00")
    limit = OfficeHours(timedelta(hours=18))
    assert end_with(*pause, limit=limit) == local("2026-11-27 17:00")


def test_an_extension_in_time_lengthens_the_limit() -> None:
    extended = fact("x", "2026-11-30 16:00", LimitExtended(by=WorkingDays(10)))
    assert end_with(extended) == end_with(limit=WorkingDays(15))


def test_an_extension_after_the_limit_lengthens_nothing_and_is_named() -> None:
    extended = fact("x", "2026-12-01 09:00", LimitExtended(by=WorkingDays(10)))
    clock = total_clock([accepted(MONDAY), extended], WorkingDays(5))
    assert [late.fact for late in course(clock, OFFICE).too_late] == ["x"]
    assert end_with(extended) == end_with()


@pytest.mark.parametrize("limit", [CalendarDays(7), OfficeHours(timedelta(hours=35))])
def test_an_extension_counted_otherwise_follows_the_limit(limit: Limit) -> None:
    """Both limits end on Monday the 30th; two working days follow."""
    extended = fact("x", "2026-11-24 16:00", LimitExtended(by=WorkingDays(2)))
    assert end_with(extended, limit=limit) == local("2026-12-03 00:00")


@given(histories(), limits, instants, spans, grounds)
def test_adding_a_pause_never_makes_a_case_later(
    facts: list[Fact], limit: Limit, begin: datetime, span: timedelta, ground: str
) -> None:
    pause = [paused(begin, ground, "new"), resumed(begin + span, "new")]
    assert due_or_never([*facts, *pause], limit) >= due_or_never(facts, limit)
