"""Limits from one kind of event to the next: acceptance after receipt, delivery after decision."""

from datetime import datetime

import pytest
from hypothesis import given

from services.electronic_supervision.domain.case import Flag, fold
from services.electronic_supervision.domain.clocks import Clock, clocks, course
from services.electronic_supervision.domain.engine import FactArrived, JudgementRaised
from services.electronic_supervision.domain.facts import (
    Begun,
    Decided,
    Delivered,
    Fact,
    Happening,
    Noted,
    Withdrawn,
)
from services.electronic_supervision.domain.terms import SpanTerms, Standard, Terms
from services.electronic_supervision.domain.time.limits import WorkingDays
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.docket import ACCEPTED, at, empty, levels, play
from tests.electronic_supervision.domain.timeline import (
    OFFICE,
    accepted,
    histories,
    local,
    paused,
    terms,
)

RECEIVED, ACCEPTANCE, REFUSAL = "received", "accepted", "refused"
ADMISSION = SpanTerms(
    standard=Standard(rule="admission", version=1, clause="行政许可法第三十二条"),
    name="受理",
    begin=frozenset({RECEIVED}),
    end=frozenset({ACCEPTANCE, REFUSAL}),
    limit=WorkingDays(5),
)
DELIVERY = SpanTerms(
    standard=Standard(rule="delivery", version=1, clause="行政许可法第四十四条"),
    name="送达",
    begin=frozenset({"decided"}),
    end=frozenset({"delivered"}),
    limit=WorkingDays(10),
)
TERMS = Terms(whole=Standard(rule="stated", version=1, clause="自报"), spans=(ADMISSION, DELIVERY))

NOVEMBER_4 = "2026-11-04 09:00"


def told(type_: str, text: str, what: Happening, unit: str = "housing") -> Fact:
    when = local(text)
    return Fact(
        id=f"{type_}@{text}",
        at=Moment.instant(when),
        recorded_at=when,
        what=what,
        type=type_,
        unit=unit,
    )


def received(text: str, unit: str = "housing") -> Fact:
    return told(RECEIVED, text, Begun(unit=unit, item="施工许可"), unit)


def spans(*facts: Fact) -> list[Clock]:
    return [clock for clock in clocks(fold(facts), TERMS) if clock.name.startswith("step:")]


def test_a_case_that_only_came_in_is_of_the_unit_that_received_it() -> None:
    case = fold([received("2026-11-02 09:00")])
    assert (case.unit, case.item, case.accepted) == ("housing", "施工许可", None)


def test_who_accepts_a_case_holds_it_whoever_received_it() -> None:
    assert fold([received("2026-11-02 09:00", "window"), accepted(NOVEMBER_4)]).unit == "housing"


def test_acceptance_is_due_five_working_days_after_receipt() -> None:
    (clock,) = spans(received("2026-11-02 09:00"))
    end = course(clock, OFFICE).due
    assert end is not None
    assert end.at == local("2026-11-10 00:00")
    assert clock.standard.clause == "行政许可法第三十二条"


@pytest.mark.parametrize("ends", [ACCEPTANCE, REFUSAL])
def test_acceptance_and_refusal_end_the_span(ends: str) -> None:
    (clock,) = spans(received("2026-11-02 09:00"), told(ends, NOVEMBER_4, Noted()))
    assert clock.end is not None
    assert clock.end.fact == f"{ends}@{NOVEMBER_4}"


def test_nobody_waits_for_the_delivery_of_what_was_withdrawn() -> None:
    facts = told("decided", "2026-11-02 09:00", Decided()), told("w", NOVEMBER_4, Withdrawn())
    (clock,) = spans(ACCEPTED, *facts)
    assert clock.end is not None
    assert clock.end.fact == f"w@{NOVEMBER_4}"


def test_the_decision_that_begins_a_span_does_not_end_it() -> None:
    (clock,) = spans(ACCEPTED, told("decided", "2026-11-25 09:00", Decided()))
    assert clock.end is None


def test_a_span_gone_through_again_has_a_clock_of_its_own() -> None:
    found = spans(
        ACCEPTED,
        told("decided", "2026-11-24 09:00", Decided()),
        told("delivered", "2026-11-25 09:00", Delivered()),
        told("decided", "2026-11-26 09:00", Decided()),
    )
    assert [clock.name for clock in found] == ["step:送达", "step:送达#2"]


def test_a_pause_stops_no_span_unless_the_rule_says_so() -> None:
    facts = received("2026-11-02 09:00"), paused("2026-11-03 09:00")
    assert spans(*facts)[0].pauses == ()


def test_a_late_acceptance_is_carded_under_the_clause_of_its_own_rule() -> None:
    late = FactArrived(fact=received("2026-11-02 09:00")), at("2026-11-11 09:00")
    docket, events = play(empty(TERMS), *late)
    assert levels(docket) == ["reminder", "yellow"]
    assert {judgement.rule for judgement in docket.standing.values()} == {"admission"}
    raised = [event for event in events if isinstance(event, JudgementRaised)]
    assert {event.evidence.clause for event in raised} == {"行政许可法第三十二条"}


def test_what_moves_no_clock_casts_no_doubt_on_a_deadline() -> None:
    """Else a unit could lift a card by sending a fee from next year."""
    ahead = Fact(
        id="fee",
        at=Moment.instant(local("2027-11-23 10:00")),
        recorded_at=local("2026-11-23 10:00"),
        what=Noted(),
    )
    assert fold([ACCEPTED, ahead]).doubts == frozenset()


def test_a_receipt_from_the_future_is_doubted() -> None:
    ahead = Fact(
        id="received",
        at=Moment.instant(local("2027-11-23 10:00")),
        recorded_at=datetime.fromisoformat("2026-11-23T10:00:00+08:00"),
        what=Begun(unit="housing"),
    )
    assert Flag.FUTURE_TIME in fold([ahead]).doubts


@given(histories())
def test_spans_change_nothing_about_the_other_clocks(facts: list[Fact]) -> None:
    case, plain = fold(facts), terms(WorkingDays(5))
    with_spans = Terms(whole=plain.whole, limit=plain.limit, spans=(ADMISSION, DELIVERY))
    assert list(clocks(case, with_spans)) == list(clocks(case, plain))
