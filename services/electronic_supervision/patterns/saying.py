"""What is recorded of patterns, and what the city is told of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID, uuid5

from contracts.electronic_supervision import FactReference, RuleReference
from contracts.findings import (
    Figure,
    FindingLevel,
    FindingLifted,
    IrregularityFound,
    PatternFound,
    SubjectKind,
)
from contracts.registry import type_of
from contracts.subjects import ours
from contracts.wire import compose
from kernel.codec import Codec
from kernel.publishing import UNNUMBERED, publication
from kernel.store.events import NewEvent, NewPublication
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group
from services.electronic_supervision.domain.rules.demands import By

NAMESPACE = UUID("3f1f6a0e-54a5-5c0b-9d6e-7a9a2f0f6b1d")
STREAMS = "pattern-"
REASON = "facts-changed"
"""Why a finding is lifted: what it rested on changed, or the law by which it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRaised:
    """A pattern became true, in these words."""

    finding: PatternFinding
    title: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternLifted:
    """A finding no longer holds; another may hold instead."""

    finding: PatternFinding
    replaced_by: str | None


Happened = PatternRaised | PatternLifted
CODEC: Codec[Happened] = Codec(PatternRaised, PatternLifted)


def stream_of(group: Group) -> str:
    """Name the stream of a group."""
    return f"{STREAMS}{group.rule}-{uuid5(NAMESPACE, chr(10).join(group))}"


def event_of(happened: Happened, changes: int) -> NewEvent:
    """Return what to record; `changes` is how often the finding was raised or lifted before."""
    type_, data = CODEC.encode(happened)
    cause = f"{happened.finding.id}\n{changes}"
    id_ = str(uuid5(NAMESPACE, cause))
    return NewEvent(stream=stream_of(happened.finding.group), id=id_, type=type_, data=data)


def say(
    happened: Happened, event_id: str, of_event: int, source: str, now: datetime
) -> NewPublication:
    """Prepare what is said of a finding; `of_event` is its index in the same append."""
    finding = happened.finding
    match happened:
        case PatternRaised(message=message):
            data: IrregularityFound | PatternFound | FindingLifted = _found(finding, message)
            time = finding.at
        case PatternLifted(replaced_by=replaced_by):
            data = _lifted(finding, replaced_by)
            time = now
        case _:
            assert_never(happened)
    about = f"{finding.rule}|{finding.group.by.value}|{finding.group.key}"
    composed = compose(
        data,
        event_id=event_id,
        source=source,
        subject=_subject(finding),
        time=time,
        recordedtime=now,
        sequence=UNNUMBERED,
        partitionkey=about,
        correlationid=about,
        causationid=None,
    )
    # whoever is looked into is not warned: no subscription of a unit brings what is of no unit
    unit = "" if finding.is_lead else finding.unit
    subject = ours(type_of(type(data)), unit=unit, key=finding.id)
    return publication(composed, subject, of_event=of_event)


def _subject(finding: PatternFinding) -> str:
    return finding.group.key[:100]


def _rule(finding: PatternFinding) -> RuleReference:
    return RuleReference(id=finding.rule, version=str(finding.version))


def _found(finding: PatternFinding, message: str) -> IrregularityFound | PatternFound:
    facts = tuple(FactReference(source=each.source, id=each.id) for each in finding.facts)
    case = next((each.case for each in finding.counted if each.case), None)
    if finding.group.by is By.CASE and case is not None:
        return IrregularityFound(
            case=case.number,
            case_source=case.source,
            unit=finding.unit,
            rule=_rule(finding),
            clause=finding.clause,
            judgement=finding.id,
            level=FindingLevel(finding.level.value),
            withheld=finding.withheld or None,
            message=message,
            facts=facts,
        )
    return PatternFound(
        judgement=finding.id,
        unit=finding.unit,
        rule=_rule(finding),
        clause=finding.clause,
        level=FindingLevel(finding.level.value),
        withheld=finding.withheld or None,
        message=message,
        facts=facts,
        subject_kind=SubjectKind(finding.group.by.value),
        subject=_subject(finding),
        window_from=finding.window_from,
        window_until=finding.window_until,
        figures=tuple(Figure(name=name, value=value) for name, value in finding.figures.items()),
        judgements=finding.judgements,
    )


def _lifted(finding: PatternFinding, replaced_by: str | None) -> FindingLifted:
    return FindingLifted(
        judgement=finding.id,
        unit=finding.unit,
        rule=_rule(finding),
        level=FindingLevel(finding.level.value),
        reason=REASON,
        replaced_by=replaced_by,
    )
