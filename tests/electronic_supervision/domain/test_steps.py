"""The clocks of single steps."""

from dataclasses import replace

from services.electronic_supervision.domain.engine import (
    FactArrived,
)
from services.electronic_supervision.domain.facts import (
    LimitExtended,
    StepFinished,
    StepStarted,
)
from services.electronic_supervision.domain.time.limits import WorkingDays
from tests.electronic_supervision.domain.docket import (
    ACCEPTED,
    at,
    empty,
    levels,
    play,
)
from tests.electronic_supervision.domain.timeline import (
    decided,
    fact,
    terms,
)


def test_a_case_and_its_step_late_by_the_same_instant_are_two_judgements() -> None:
    rule = replace(terms(WorkingDays(5)), steps={"审核": WorkingDays(5)})
    step = fact("1", "2026-11-23 11:00", StepStarted(step="审核"))
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=step), at("2026-12-01 10:00")
    docket, _ = play(empty(rule), *changes)
    assert levels(docket) == ["reminder", "yellow", "reminder", "yellow"]


def test_a_step_may_be_late_though_the_case_is_in_time() -> None:
    rule = replace(terms(WorkingDays(20)), steps={"审核": WorkingDays(1)})
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


def test_a_step_gone_through_again_has_a_clock_of_its_own() -> None:
    rule = replace(terms(None), steps={"审核": WorkingDays(1)})
    steps = (
        fact("1", "2026-11-24 10:00", StepStarted(step="审核")),
        fact("2", "2026-11-24 11:00", StepFinished(step="审核")),
        fact("3", "2026-11-24 12:00", StepStarted(step="审核")),
    )
    changes = (FactArrived(fact=each) for each in (ACCEPTED, *steps))
    docket, _ = play(empty(rule), *changes, at("2026-11-26 10:00"))
    clocks = [(j.clock, j.level.value) for j in docket.standing.values()]
    assert ("step:审核#2", "yellow") in clocks
    assert ("step:审核", "yellow") not in clocks


def test_a_step_ends_with_its_case_at_the_latest() -> None:
    rule = replace(terms(None), steps={"审核": WorkingDays(1)})
    step = fact("1", "2026-11-24 10:00", StepStarted(step="审核"))
    changes = (FactArrived(fact=each) for each in (ACCEPTED, step, decided("2026-11-25 10:00")))
    docket, _ = play(empty(rule), *changes, at("2026-12-26 10:00"))
    assert "yellow" not in levels(docket)


def test_an_extension_of_the_case_does_not_lengthen_its_steps() -> None:
    rule = replace(terms(WorkingDays(20)), steps={"审核": WorkingDays(1)})
    step = fact("1", "2026-11-24 10:00", StepStarted(step="审核"))
    extended = fact("x", "2026-11-24 11:00", LimitExtended(by=WorkingDays(5)))
    changes = (FactArrived(fact=each) for each in (ACCEPTED, step, extended))
    docket, _ = play(empty(rule), *changes, at("2026-11-26 10:00"))
    assert "yellow" in levels(docket)
