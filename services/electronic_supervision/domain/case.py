"""A case (办件) as its standing facts tell it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from services.electronic_supervision.domain.facts import (
    Accepted,
    Begun,
    Decided,
    Delivered,
    Fact,
    LimitExtended,
    Noted,
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
    """What the facts say so far; no limit of the whole case runs before `accepted` is known.

    `unit` is the one that holds the case now, `item` what it is about; `hops` are all holders in
    turn, posts too. `ended` stops the agency's clock, `received` the citizen's. `acts` are all
    facts that stand, in order of time.
    `doubts` are the flags that keep cards back: all but that of a step after the end (送达, 归档),
    which can be true, and else would let a unit lift a card by filing the case away.
    """

    acceptance: Accepted | None = None
    accepted: Mark | None = None
    unit: str = ""
    item: str = ""
    ended: Mark | None = None
    received: Mark | None = None
    pauses: tuple[Run, ...] = ()
    steps: tuple[Run, ...] = ()
    extensions: tuple[Extension, ...] = ()
    hops: tuple[Mark, ...] = ()
    flags: frozenset[Flag] = frozenset()
    doubts: frozenset[Flag] = frozenset()
    acts: tuple[Fact, ...] = ()


def fold(facts: Iterable[Fact], *, unread: bool = False) -> Case:
    """Put the facts of one case together; any order and any doubles give the same case.

    `unread`: more was said of it, in a message that nobody could read yet.
    """
    draft = _Draft(flags={Flag.MESSAGE_IN_QUARANTINE} if unread else set())
    stand = standing(facts)
    for fact in stand:
        _evolve(draft, fact)
    begun = draft.acceptance or draft.begun
    doubts = frozenset(draft.flags.union(_impossible(draft, stand)))
    return Case(
        acceptance=draft.acceptance,
        accepted=draft.accepted,
        unit=draft.unit or (begun.unit if begun else ""),
        item=begun.item if begun else "",
        ended=draft.ended,
        received=draft.received,
        pauses=tuple(draft.pauses),
        steps=tuple(draft.steps),
        extensions=tuple(draft.extensions),
        hops=tuple(draft.hops),
        flags=doubts.union(_after_the_end(draft, stand)),
        doubts=doubts,
        acts=stand,
    )


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A case while its facts are put together: a new Case for each would cost most of the fold."""

    begun: Begun | None = None
    acceptance: Accepted | None = None
    accepted: Mark | None = None
    unit: str = ""
    ended: Mark | None = None
    received: Mark | None = None
    pauses: list[Run] = field(default_factory=list)
    steps: list[Run] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    hops: list[Mark] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)


def _evolve(case: _Draft, fact: Fact) -> None:
    """Add one standing fact; facts come in order of time."""
    match fact.what:
        case Begun():
            case.begun = case.begun or fact.what
        case Accepted():
            _accept(case, fact.what, fact)
        case Paused(pause=key, ground=label):
            case.flags |= _opened(case.pauses, key, label, fact, twice=Flag.PAUSED_TWICE)
        case Resumed(pause=key):
            case.flags |= _closed(case.pauses, key, fact, never=Flag.RESUMED_WITHOUT_PAUSE)
        case StepStarted(step=key, holder=holder):
            case.hops += [_mark(fact, holder)] if holder else []
            case.flags |= _opened(case.steps, key, holder, fact, twice=Flag.STEP_STARTED_TWICE)
        case StepFinished(step=key):
            _closed(case.steps, key, fact)
        case Transferred(to_unit=unit):
            case.unit = unit
            case.hops.append(_mark(fact, unit))
        case LimitExtended(by=by):
            case.extensions.append(Extension(by=by, at=fact.at, fact=fact.id))
        case Decided():
            case.ended = case.ended or _mark(fact)
        case Delivered() | Withdrawn():
            case.ended = case.ended or _mark(fact)
            case.received = case.received or _mark(fact)
        case Voided() | Noted():
            pass
        case _:
            assert_never(fact.what)


def _mark(fact: Fact, label: str = "") -> Mark:
    return Mark(at=fact.at, fact=fact.id, label=label)


def _accept(case: _Draft, what: Accepted, fact: Fact) -> None:
    if case.acceptance is not None:
        case.flags.add(Flag.ACCEPTED_TWICE)
        return
    case.acceptance, case.accepted = what, _mark(fact)
    case.unit = case.unit or what.unit
    case.hops.append(_mark(fact, what.unit))


def _opened(runs: list[Run], key: str, label: str, fact: Fact, *, twice: Flag) -> set[Flag]:
    """Open a run unless one of this key is open; return what is odd about it."""
    if any(run.key == key and run.end is None for run in runs):
        return {twice}
    runs.append(Run(key=key, label=label, begin=fact.at, end=None, facts=(fact.id,)))
    return set()


def _closed(runs: list[Run], key: str, fact: Fact, *, never: Flag | None = None) -> set[Flag]:
    """Close the open run of this key; return what is odd if there is none."""
    for index, run in enumerate(runs):
        if run.key == key and run.end is None:
            runs[index] = replace(run, end=fact.at, facts=(*run.facts, fact.id))
            return set()
    return {never} if never else set()


def _impossible(case: _Draft, stand: Iterable[Fact]) -> Iterable[Flag]:
    accepted, ended = case.accepted, case.ended
    if accepted and ended and ended.at.precedes(accepted.at):
        yield Flag.FINISHED_BEFORE_ACCEPTED
    stated = case.acceptance.stated_due if case.acceptance else None
    if accepted and stated and stated.precedes(accepted.at):
        yield Flag.DUE_BEFORE_ACCEPTED
    if accepted and any(run.begin.precedes(accepted.at) for run in case.pauses):
        yield Flag.PAUSED_BEFORE_ACCEPTED
    for fact in stand:
        if isinstance(fact.what, Noted):
            continue  # no clock of the whole case rests on it
        if fact.at.earliest.year not in YEARS:
            yield Flag.TIME_OUT_OF_RANGE
        if fact.at.earliest > fact.recorded_at + CLOCK_SKEW:
            yield Flag.FUTURE_TIME
        if accepted and _is_step(fact) and fact.at.precedes(accepted.at):
            yield Flag.STEP_OUTSIDE_CASE


def _after_the_end(case: _Draft, stand: Iterable[Fact]) -> Iterable[Flag]:
    for fact in stand:
        if case.ended and _is_step(fact) and case.ended.at.precedes(fact.at):
            yield Flag.STEP_OUTSIDE_CASE


def _is_step(fact: Fact) -> bool:
    return isinstance(fact.what, StepStarted | StepFinished)
