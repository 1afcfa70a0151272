"""What the engine judges, and how a judgement is superseded without being rewritten."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.engine import (
    Change,
    Docket,
    Event,
    FactArrived,
    JudgementRaised,
    JudgementSuperseded,
    OfficeChanged,
    TermsChanged,
    TimeReached,
    evolve,
    react,
)
from services.electronic_supervision.domain.facts import Fact, StepFinished, StepStarted, Voided
from services.electronic_supervision.domain.judgement import Level
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.limits import Limit, WorkingDays
from services.electronic_supervision.domain.time.notice import amend, extend
from tests.electronic_supervision.domain.time.test_calendar import NOTICE_FOR_2027
from tests.electronic_supervision.domain.timeline import (
    CALENDAR,
    LONG_AFTER,
    OFFICE,
    accepted,
    decided,
    fact,
    histories,
    instants,
    limits,
    local,
    paused,
    resumed,
    terms,
)

FIVE_DAYS = terms(WorkingDays(5))
ACCEPTED = accepted("2026-11-23 10:00")  # due at the end of Monday the 30th


def empty(rule: Terms = FIVE_DAYS) -> Docket:
    return Docket(case="办件1", terms=rule, office=OFFICE, now=local("2026-11-01 00:00"))


def play(docket: Docket, *changes: Change) -> tuple[Docket, list[Event]]:
    told: list[Event] = []
    for change in changes:
        docket, events = react(docket, change)
        told += events
    return docket, told


def levels(docket: Docket) -> list[str]:
    return [judgement.level.value for judgement in docket.standing.values()]


def at(text: str) -> TimeReached:
    return TimeReached(now=local(text))


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ("2026-11-27 08:59", []),
        ("2026-11-27 09:00", ["reminder"]),  # the working day before the last, at the opening
        ("2026-12-01 00:00", ["reminder"]),
        ("2026-12-01 00:01", ["reminder", "yellow"]),
        ("2026-12-04 00:00", ["reminder", "yellow"]),
        ("2026-12-04 00:01", ["reminder", "yellow", "red"]),
    ],
)
def test_reminder_yellow_and_red_come_in_turn(now: str, standing: list[str]) -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at(now))
    assert levels(docket) == standing


def test_a_breach_is_told_only_once() -> None:
    breach = at("2026-12-01 00:01"), at("2026-12-02 10:00"), FactArrived(fact=ACCEPTED)
    _, events = play(empty(), FactArrived(fact=ACCEPTED), *breach)
    raised = [event.judgement.level for event in events if isinstance(event, JudgementRaised)]
    assert raised == [Level.REMINDER, Level.YELLOW]


def test_a_case_finished_in_time_but_heard_of_late_loses_its_card() -> None:
    docket, before = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-02 10:00"))
    yellow = next(j for j in docket.standing.values() if j.level is Level.YELLOW)
    docket, events = play(docket, FactArrived(fact=decided("2026-11-30 16:00")))
    assert events == [
        JudgementSuperseded(judgement=yellow.id, because="fact:decided", replaced_by=None)
    ]
    said = [e.judgement for e in before if isinstance(e, JudgementRaised)]
    assert yellow in said, "what was said is not rewritten"
    assert levels(docket) == ["reminder"]


def test_a_card_comes_back_when_the_fact_that_lifted_it_is_voided() -> None:
    void = fact("void", "2026-12-03 10:00", Voided(fact="decided"))
    lifted = FactArrived(fact=ACCEPTED), FactArrived(fact=decided("2026-11-30 16:00"))
    docket, _ = play(empty(), *lifted, at("2026-12-03 11:00"))
    assert levels(docket) == ["reminder"]
    docket, _ = play(docket, FactArrived(fact=void))
    assert levels(docket) == ["reminder", "yellow"]


def test_a_late_pause_moves_the_end_and_names_the_judgement_that_holds_instead() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-08 10:00"))
    pause = paused("2026-11-25 10:00"), resumed("2026-11-27 15:00")
    docket, events = play(docket, *(FactArrived(fact=part) for part in pause))
    yellow = next(j for j in docket.standing.values() if j.level is Level.YELLOW)
    assert yellow.due_on == date(2026, 12, 3)
    assert levels(docket) == ["reminder", "yellow"], "the red limit has moved past today"
    assert any(isinstance(e, JudgementSuperseded) for e in events)


def test_no_card_rests_on_a_provisional_date() -> None:
    rule = terms(WorkingDays(29))
    docket, events = play(empty(rule), FactArrived(fact=ACCEPTED), at("2027-02-10 10:00"))
    assert levels(docket) == ["reminder", "yellow-lead", "red-lead"]
    withheld = [e.evidence.withheld for e in events if isinstance(e, JudgementRaised)]
    assert withheld == ["", "provisional-date", "provisional-date"]


def test_the_notice_turns_the_lead_into_a_card_where_the_day_stays() -> None:
    docket, _ = play(
        empty(terms(WorkingDays(29))), FactArrived(fact=ACCEPTED), at("2027-01-05 10:00")
    )
    notice = replace(OFFICE, calendar=extend(CALENDAR, NOTICE_FOR_2027))
    docket, events = play(docket, OfficeChanged(office=notice))
    assert levels(docket) == ["reminder", "yellow"]
    superseded = [e for e in events if isinstance(e, JudgementSuperseded)]
    assert [e.because for e in superseded] == ["calendar:CN-2027"]


def test_a_late_holiday_supersedes_the_card_that_ignored_it() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    day_off = {date(2026, 11, 26): "临时放假"}
    late = replace(OFFICE, calendar=amend(CALENDAR, version="CN-2026b", rest=day_off, work={}))
    docket, events = play(docket, OfficeChanged(office=late))
    assert "yellow" not in levels(docket)
    assert any(isinstance(e, JudgementSuperseded) for e in events)


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


def test_a_new_version_of_the_rule_does_not_double_a_judgement() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    _, events = react(docket, TermsChanged(terms=terms(WorkingDays(5), version=2)))
    assert events == ()


def test_a_step_may_be_late_though_the_case_is_in_time() -> None:
    rule = Terms(
        rule="r", version=1, clause="c", limit=WorkingDays(20), steps={"审核": WorkingDays(1)}
    )
    step = (
        fact("begun", "2026-11-24 10:00", StepStarted(step="审核")),
        fact("done", "2026-11-26 10:00", StepFinished(step="审核")),
    )
    changes = (FactArrived(fact=each) for each in (ACCEPTED, *step, decided("2026-11-27 10:00")))
    docket, _ = play(empty(rule), *changes, at("2026-12-30 10:00"))
    assert [(j.clock, j.level.value) for j in docket.standing.values()] == [
        ("step:审核", "reminder"),
        ("step:审核", "yellow"),
    ]


def test_a_limit_too_short_for_a_reminder_gets_none() -> None:
    docket, _ = play(empty(terms(WorkingDays(1))), FactArrived(fact=ACCEPTED))
    docket, _ = play(docket, at("2026-11-24 08:00"))
    assert levels(docket) == []
    docket, _ = play(docket, at("2026-11-24 09:00"))
    assert levels(docket) == ["reminder"], "the last day itself still leaves time"


def test_a_clock_set_back_takes_nothing_back() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 00:01"))
    after, events = react(docket, at("2026-11-30 23:01"))
    assert (after, events) == (docket, ())


@given(histories(), limits, st.lists(instants, max_size=3), st.randoms(use_true_random=False))
def test_the_same_facts_in_any_delivery_leave_the_same_judgements(
    facts: list[Fact], limit: Limit, times: list[datetime], random: Random
) -> None:
    ticks: list[Change] = [TimeReached(now=now) for now in times]
    arrivals: list[Change] = [FactArrived(fact=each) for each in facts]
    shuffled = arrivals + random.sample(arrivals, len(arrivals) // 2) + ticks
    random.shuffle(shuffled)
    end = TimeReached(now=max([LONG_AFTER - timedelta(days=random.randrange(1200)), *times]))
    in_order, _ = play(empty(terms(limit)), *arrivals, end)
    delivered, told = play(empty(terms(limit)), *shuffled, end)
    assert delivered.standing == in_order.standing
    assert evolve({}, told) == delivered.standing
    assert react(delivered, end)[1] == ()
