"""The engine: a fold over facts, time, calendars and terms that says which judgements change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.facts import Fact
from services.electronic_supervision.domain.judgement import (
    CaseKey,
    Evidence,
    Finding,
    Judgement,
    judge,
)
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class FactArrived:
    """A fact of this case came in, however late."""

    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReached:
    """It is now this instant (UTC)."""

    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeChanged:
    """A new version of the calendar, or of a hall's days and hours, came out."""

    office: Office


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChanged:
    """A new version of the rule applies to this case."""

    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineChanged:
    """A message about this case could not be read, or the last such was settled."""

    unread: bool


Change = FactArrived | QuarantineChanged | TimeReached | OfficeChanged | TermsChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRaised:
    """A judgement became true, or true again after it had been superseded."""

    judgement: Judgement
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementSuperseded:
    """A judgement no longer holds by what is known now; it stays on record.

    `because` is fact:ID, calendar:VERSION, rule:ID/VERSION, law:VERSION or quarantine.
    `replaced_by` is the judgement of the same clock and level that holds instead, if there is one;
    a lead may replace a card.
    """

    judgement: str
    because: str
    replaced_by: str | None


Event = JudgementRaised | JudgementSuperseded


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """All that the engine keeps of a case; `standing` are the judgements that hold, by id.

    `unread`: a message about it is in quarantine. Of a judgement raised, superseded and raised
    again, what was told last holds.
    """

    key: CaseKey
    terms: Terms
    office: Office
    now: datetime
    facts: frozenset[Fact] = frozenset()
    unread: bool = False
    standing: Mapping[str, Judgement] = field(default_factory=dict)


def react(docket: Docket, change: Change) -> tuple[Docket, tuple[Event, ...]]:
    """Take a change in and tell what it makes of the judgements.

    What stands afterwards is what `judge` says of the facts, the terms, the calendar and the time,
    in whatever order they came. A clock set back changes nothing.
    """
    changed = _with(docket, change)
    case = fold(changed.facts, unread=changed.unread)
    outlook = judge(changed.key, case, changed.terms, changed.office, changed.now)
    events = differences(docket.standing, outlook.findings, _cause(change))
    return replace(changed, standing=evolve(docket.standing, events)), events


def differences(
    standing: Mapping[str, Judgement], findings: Sequence[Finding], because: str
) -> tuple[Event, ...]:
    """Tell what has to be said, where some judgements stand and others hold."""
    return tuple(_differences(standing, findings, because))


def evolve(standing: Mapping[str, Judgement], events: Iterable[Event]) -> Mapping[str, Judgement]:
    """Apply recorded events to the judgements that stand."""
    after = dict(standing)
    for event in events:
        match event:
            case JudgementRaised(judgement=judgement):
                after[judgement.id] = judgement
            case JudgementSuperseded(judgement=id_):
                after.pop(id_, None)
            case _:
                assert_never(event)
    return after


def _with(docket: Docket, change: Change) -> Docket:
    match change:
        case FactArrived(fact=fact):
            return replace(docket, facts=docket.facts | {fact})
        case QuarantineChanged(unread=unread):
            return replace(docket, unread=unread)
        case TimeReached(now=now):
            return replace(docket, now=max(docket.now, now))
        case OfficeChanged(office=office):
            return replace(docket, office=office)
        case TermsChanged(terms=terms):
            return replace(docket, terms=terms)
        case _:
            assert_never(change)


def _cause(change: Change) -> str:
    match change:
        case FactArrived(fact=fact):
            return f"fact:{fact.id}"
        case QuarantineChanged():
            return "quarantine"
        case TimeReached():
            return "time"
        case OfficeChanged(office=office):
            return f"calendar:{office.calendar.version}"
        case TermsChanged(terms=terms):
            return f"rule:{terms.whole.rule}/{terms.whole.version}"
        case _:
            assert_never(change)


def _differences(
    before: Mapping[str, Judgement], findings: Sequence[Finding], because: str
) -> Iterator[Event]:
    current = {finding.judgement.id: finding for finding in findings}
    instead = {_place(finding.judgement): id_ for id_, finding in current.items()}
    for id_, judgement in before.items():
        if id_ not in current:
            replaced_by = instead.get(_place(judgement))
            yield JudgementSuperseded(judgement=id_, because=because, replaced_by=replaced_by)
    for id_, finding in current.items():
        if id_ not in before:
            yield JudgementRaised(judgement=finding.judgement, evidence=finding.evidence)


def _place(judgement: Judgement) -> tuple[str, str]:
    return judgement.clock, judgement.level.removesuffix("-lead")
