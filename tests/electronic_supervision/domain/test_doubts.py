"""What keeps a card back: dates that are guessed, and facts that can not be true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.case import Flag, fold
from services.electronic_supervision.domain.engine import (
    FactArrived,
    JudgementRaised,
    JudgementSuperseded,
    OfficeChanged,
)
from services.electronic_supervision.domain.facts import (
    Accepted,
    Fact,
    LimitExtended,
    Paused,
    StepFinished,
    StepStarted,
)
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.limits import Hours, Limit, WorkingDays
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.notice import extend
from tests.electronic_supervision.domain.docket import (
    ACCEPTED,
    FIVE_DAYS,
    at,
    empty,
    levels,
    play,
)
from tests.electronic_supervision.domain.time.test_calendar import NOTICE_FOR_2027
from tests.electronic_supervision.domain.timeline import (
    CALENDAR,
    OFFICE,
    WUHU,
    decided,
    due,
    fact,
    histories,
    limits,
    local,
    paused,
    resumed,
    terms,
)


def test_no_card_rests_on_a_provisional_date() -> None:
    rule = terms(WorkingDays(29))
    docket, events = play(empty(rule), FactArrived(fact=ACCEPTED), at("2027-02-10 10:00"))
    assert levels(docket) == ["reminder", "yellow-lead", "red-lead"]
    withheld = [e.evidence.withheld for e in events if isinstance(e, JudgementRaised)]
    assert withheld == ["", "provisional-date", "provisional-date"]


@pytest.mark.parametrize(
    "rule",
    [
        terms(WorkingDays(28), grace=Hours(timedelta(days=30))),
        terms(WorkingDays(29), grace=Hours(timedelta(hours=24))),
    ],
)
def test_no_red_card_rests_on_a_guess_even_if_hours_need_no_calendar(rule: Terms) -> None:
    docket, events = play(empty(rule), FactArrived(fact=ACCEPTED), at("2027-03-10 10:00"))
    for event in events:
        assert isinstance(event, JudgementRaised)
        if event.judgement.level in {Level.YELLOW, Level.RED}:
            assert not event.evidence.provisional
    assert levels(docket)[1:] in (["yellow", "red"], ["yellow-lead", "red-lead"])
    assert ("red" in levels(docket)) == (rule.limit == WorkingDays(28))


def test_what_follows_a_guess_is_a_guess() -> None:
    extended = fact("x", "2026-11-24 10:00", LimitExtended(by=Hours(timedelta(hours=24))))
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=extended), at("2027-02-10 10:00")
    docket, _ = play(empty(terms(WorkingDays(29))), *changes)
    assert levels(docket) == ["reminder", "yellow-lead", "red-lead"]


@given(histories(), limits, st.booleans())
def test_a_notice_moves_no_end_that_is_not_provisional(
    facts: list[Fact], limit: Limit, shifted: bool
) -> None:
    """Every date of the histories is moved close to the horizon of the calendar."""
    shift = timedelta(days=200 if shifted else 400)
    moved = [replace(each, at=Moment.instant(each.at.earliest + shift)) for each in facts]
    after = replace(OFFICE, calendar=extend(CALENDAR, NOTICE_FOR_2027))
    before = due(moved, limit)
    if before is not None and not before.provisional:
        assert due(moved, limit, after) == before


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (resumed("2026-11-24 10:00"), "resumed-without-pause"),
        (fact("again", "2026-11-24 10:00", Accepted(unit="u")), "accepted-twice"),
        (fact("s", "2026-11-01 10:00", StepStarted(step="审核")), "step-outside-case"),
        (decided("2026-11-01 10:00"), "finished-before-accepted"),
    ],
)
def test_no_card_rests_on_a_fact_that_is_flagged(odd: Fact, code: str) -> None:
    docket, events = play(
        empty(), FactArrived(fact=ACCEPTED), FactArrived(fact=odd), at("2026-12-20 10:00")
    )
    assert not {"yellow", "red"} & {*levels(docket)}
    withheld = {e.evidence.withheld for e in events if isinstance(e, JudgementRaised)}
    assert withheld <= {"", code}


def test_a_unit_can_not_lift_a_card_by_filing_the_case_away() -> None:
    filed = fact("s", "2026-12-09 10:00", StepFinished(step="归档"))
    late = (ACCEPTED, decided("2026-12-08 10:00"), filed)
    docket, _ = play(empty(), *(FactArrived(fact=each) for each in late), at("2026-12-20 10:00"))
    assert levels(docket) == ["reminder", "yellow", "red"]
    assert fold(late).flags == {Flag.STEP_OUTSIDE_CASE}


def test_a_case_with_a_slip_of_the_year_still_asks_a_person_to_look() -> None:
    slip = fact("s", datetime(1026, 11, 24, tzinfo=UTC), StepFinished(step="审核"))
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=slip), at("2026-12-20 10:00")
    docket, _ = play(empty(), *changes)
    assert levels(docket) == ["reminder", "yellow-lead", "red-lead"]
    accepted_in_226 = replace(ACCEPTED, at=Moment.instant(datetime(226, 11, 23, tzinfo=UTC)))
    docket, _ = play(empty(), FactArrived(fact=accepted_in_226), at("2026-12-20 10:00"))
    assert {"yellow-lead", "red-lead"} <= {*levels(docket)}


def test_a_step_begun_again_before_its_end_is_flagged() -> None:
    begun = (fact(id_, "2026-11-24 10:00", StepStarted(step="审核")) for id_ in "12")
    assert fold([ACCEPTED, *begun]).doubts == {Flag.STEP_STARTED_TWICE}


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (paused("2026-11-24 12:00", "testing"), Flag.PAUSED_TWICE),
        (paused("2026-11-01 10:00", pause="9"), Flag.PAUSED_BEFORE_ACCEPTED),
    ],
)
def test_a_pause_told_in_disorder_is_flagged(second: Fact, code: Flag) -> None:
    first = fact("first", "2026-11-24 10:00", Paused(pause="1", ground="publicity"))
    assert code in fold([ACCEPTED, first, second]).flags


def test_a_stated_end_before_acceptance_is_flagged() -> None:
    stated = Accepted(unit="u", stated_due=Moment.instant(local("2026-11-01 10:00")))
    docket, _ = play(
        empty(terms(None)), FactArrived(fact=replace(ACCEPTED, what=stated)), at("2026-12-20 10:00")
    )
    assert levels(docket) == ["yellow-lead", "red-lead"]


def test_a_card_that_becomes_doubtful_is_replaced_by_a_lead() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    yellow = next(j.id for j in docket.standing.values() if j.level is Level.YELLOW)
    odd = FactArrived(fact=resumed("2026-11-24 10:00"))
    docket, events = play(docket, odd)
    lead = next(j.id for j in docket.standing.values() if j.level is Level.YELLOW_LEAD)
    superseded = JudgementSuperseded(judgement=yellow, because="fact:resumed-1", replaced_by=lead)
    assert superseded in events


@pytest.mark.parametrize(("year", "flagged"), [(1899, True), (1900, False), (9000, True)])
def test_a_date_outside_the_years_that_can_be_meant_is_flagged(year: int, flagged: bool) -> None:
    when = Moment.instant(datetime(year, 6, 1, tzinfo=UTC))
    odd = replace(ACCEPTED, at=when, recorded_at=when.latest)
    assert (Flag.TIME_OUT_OF_RANGE in fold([odd]).flags) is flagged


@pytest.mark.parametrize("year", [1, 1850, 9998])
def test_a_date_out_of_all_range_stops_nothing_but_its_cards(year: int) -> None:
    when = Moment.instant(datetime(year, 6, 1, tzinfo=UTC))
    never = Moment.day(date.max, WUHU)
    facts = [
        replace(ACCEPTED, at=when),
        replace(ACCEPTED, what=Accepted(unit="u", stated_due=when)),
        replace(ACCEPTED, what=Accepted(unit="u", stated_due=never)),
    ]
    for each in facts:
        for rule in (FIVE_DAYS, terms(None)):
            docket, _ = play(empty(rule), FactArrived(fact=each), at("2026-11-20 10:00"))
            assert not {"yellow", "red"} & {*levels(docket)}


def test_the_notice_turns_the_lead_into_a_card_where_the_day_stays() -> None:
    docket, _ = play(
        empty(terms(WorkingDays(29))), FactArrived(fact=ACCEPTED), at("2027-01-05 10:00")
    )
    notice = replace(OFFICE, calendar=extend(CALENDAR, NOTICE_FOR_2027))
    docket, events = play(docket, OfficeChanged(office=notice))
    assert levels(docket) == ["reminder", "yellow"]
    superseded = [e for e in events if isinstance(e, JudgementSuperseded)]
    assert [e.because for e in superseded] == ["calendar:CN-2027"]


def test_no_card_rests_on_a_date_that_can_not_be_true() -> None:
    impossible = Fact(
        id="paused-1",
        at=paused("2027-11-25 10:00").at,
        recorded_at=local("2026-11-25 10:00"),
        what=paused("2026-11-25 10:00").what,
    )
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=impossible), at("2026-12-01 10:00")
    docket, _ = play(empty(), *changes)
    assert levels(docket) == ["reminder", "yellow-lead"]
