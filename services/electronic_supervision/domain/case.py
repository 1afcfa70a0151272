"""A case (办件) as its standing facts tell it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from services.electronic_supervision.domain.facts import (
    Accepted,
    Decided,
    Delivered,
    Fact,
    LimitExtended,
    Paused,
    Resumed,
    StepFinished,
    StepStarted,
    Transferred,
    Voided,
    Withdrawn,
)
from services.electronic_supervision.domain.standing import standing
from services.electronic_supervision.domain.time.limits import Limit
from services.electronic_supervision.domain.time.moment import Moment

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clocks of a source may differ before a fact counts as noted ahead of its time."""

YEARS = range(1900, 9000)
"""Outside these years a date is a slip, and a limit might leave the calendar."""


class Flag(StrEnum):
    """What is odd in the facts of a case; no card rests on what can't be true, or can't be all."""

    FINISHED_BEFORE_ACCEPTED = "finished-before-accepted"
    STEP_OUTSIDE_CASE = "step-outside-case"
    STEP_STARTED_TWICE = "step-started-twice"  # while it was still open
    FUTURE_TIME = "future-time"
    ACCEPTED_TWICE = "accepted-twice"
    RESUMED_WITHOUT_PAUSE = "resumed-without-pause"
    PAUSED_TWICE = "paused-twice"  # under one number, which was still open
    PAUSED_BEFORE_ACCEPTED = "paused-before-accepted"
    DUE_BEFORE_ACCEPTED = "due-before-accepted"
    TIME_OUT_OF_RANGE = "time-out-of-range"
    MESSAGE_IN_QUARANTINE = "message-in-quarantine"  # something was said that nobody could read


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment in a case and the fact that set it; `label` is a holder, if one comes with it."""

    at: Moment
    fact: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A pause (`label`: its ground) or a step (`key`: its name), open while `end` is None."""

    key: str
    label: str
    begin: Moment
    end: Moment | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A limit extended by so much."""

    by: Limit
    at: Moment
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the facts say so far; nothing is judged before `accepted` is known.

    `unit` is the one that holds the case now; `hops` are all holders in turn, posts too. `ended`
    stops the agency's clock, `received` the citizen's.
    `doubts` are the flags that keep cards back: all but that of a step after the end (送达, 归档),
    which can be true, and else would let a unit lift a card by filing the case away.
    """

    acceptance: Accepted | None = None
    accepted: Mark | None = None
    unit: str = ""
    ended: Mark | None = None
    received: Mark | None = None
    pauses: tuple[Run, ...] = ()
    steps: tuple[Run, ...] = ()
    extensions: tuple[Extension, ...] = ()
    hops: tuple[Mark, ...] = ()
    flags: frozenset[Flag] = frozenset()
    doubts: frozenset[Flag] = frozenset()


def fold(facts: Iterable[Fact], *, unread: bool = False) -> Case:
    """Put the facts of one case together; any order and any doubles give the same case.

    `unread`: more was said of it, in a message that nobody could read yet.
    """
    case = Case(flags=frozenset({Flag.MESSAGE_IN_QUARANTINE} if unread else ()))
    stand = standing(facts)
    for fact in stand:
        case = evolve(case, fact)
    doubts = case.flags.union(_impossible(case, stand))
    return replace(case, doubts=doubts, flags=doubts.union(_after_the_end(case, stand)))


def evolve(case: Case, fact: Fact) -> Case:
    """Add one standing fact; facts come in order of time."""
    mark = Mark(at=fact.at, fact=fact.id)
    match fact.what:
        case Accepted() if case.acceptance is None:
            hop = replace(mark, label=fact.what.unit)
            unit = case.unit or fact.what.unit
            hops = (*case.hops, hop)
            return replace(case, acceptance=fact.what, accepted=mark, unit=unit, hops=hops)
        case Accepted():
            return replace(case, flags=case.flags | {Flag.ACCEPTED_TWICE})
        case Paused(pause=key, ground=label):
            return _paused(case, key, label, fact)
        case Resumed(pause=key):
            return _resumed(case, key, fact)
        case StepStarted(step=key, holder=holder):
            hops = (replace(mark, label=holder),) if holder else ()
            steps = _opened(case.steps, key, holder, fact)
            twice = {Flag.STEP_STARTED_TWICE} if steps == case.steps else set()
            return replace(case, steps=steps, hops=case.hops + hops, flags=case.flags | twice)
        case StepFinished(step=key):
            return replace(case, steps=_closed(case.steps, key, fact))
        case Transferred(to_unit=unit):
            return replace(case, unit=unit, hops=(*case.hops, replace(mark, label=unit)))
        case LimitExtended(by=by):
            extension = Extension(by=by, at=fact.at, fact=fact.id)
            return replace(case, extensions=(*case.extensions, extension))
        case Decided():
            return replace(case, ended=case.ended or mark)
        case Delivered() | Withdrawn():
            return replace(case, ended=case.ended or mark, received=case.received or mark)
        case Voided():
            return case
        case _:
            assert_never(fact.what)


def _opened(runs: tuple[Run, ...], key: str, label: str, fact: Fact) -> tuple[Run, ...]:
    if any(run.key == key and run.end is None for run in runs):
        return runs
    return (*runs, Run(key=key, label=label, begin=fact.at, end=None, facts=(fact.id,)))


def _closed(runs: tuple[Run, ...], key: str, fact: Fact) -> tuple[Run, ...]:
    return tuple(
        replace(run, end=fact.at, facts=(*run.facts, fact.id))
        if run.key == key and run.end is None
        else run
        for run in runs
    )


def _paused(case: Case, number: str, ground: str, fact: Fact) -> Case:
    pauses = _opened(case.pauses, number, ground, fact)
    if pauses == case.pauses:
        return replace(case, flags=case.flags | {Flag.PAUSED_TWICE})
    return replace(case, pauses=pauses)


def _resumed(case: Case, key: str, fact: Fact) -> Case:
    pauses = _closed(case.pauses, key, fact)
    if pauses == case.pauses:
        return replace(case, flags=case.flags | {Flag.RESUMED_WITHOUT_PAUSE})
    return replace(case, pauses=pauses)


def _impossible(case: Case, stand: Iterable[Fact]) -> Iterable[Flag]:
    accepted, ended = case.accepted, case.ended
    if accepted and ended and ended.at.precedes(accepted.at):
        yield Flag.FINISHED_BEFORE_ACCEPTED
    stated = case.acceptance.stated_due if case.acceptance else None
    if accepted and stated and stated.precedes(accepted.at):
        yield Flag.DUE_BEFORE_ACCEPTED
    if accepted and any(run.begin.precedes(accepted.at) for run in case.pauses):
        yield Flag.PAUSED_BEFORE_ACCEPTED
    for fact in stand:
        if fact.at.earliest.year not in YEARS:
            yield Flag.TIME_OUT_OF_RANGE
        if fact.at.earliest > fact.recorded_at + CLOCK_SKEW:
            yield Flag.FUTURE_TIME
        if accepted and _is_step(fact) and fact.at.precedes(accepted.at):
            yield Flag.STEP_OUTSIDE_CASE


def _after_the_end(case: Case, stand: Iterable[Fact]) -> Iterable[Flag]:
    for fact in stand:
        if case.ended and _is_step(fact) and case.ended.at.precedes(fact.at):
            yield Flag.STEP_OUTSIDE_CASE


def _is_step(fact: Fact) -> bool:
    return isinstance(fact.what, StepStarted | StepFinished)
