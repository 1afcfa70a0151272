"""What electronic supervision tells the city of its judgements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from contracts import electronic_supervision as published
from contracts import findings
from contracts.approvals import CaseFact, FactVoided
from contracts.registry import type_of
from contracts.subjects import ours
from contracts.wire import compose
from kernel.publishing import UNNUMBERED, publication
from kernel.store.events import NewPublication
from services.electronic_supervision.domain.engine import (
    Event,
    JudgementRaised,
    JudgementSuperseded,
)
from services.electronic_supervision.domain.irregularity import ACT
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.domain.time.limits import Due
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.record import CaseRecord

FACT = "fact:"
MOST_REFERENCES = 500
"""A case of more facts than that is a broken source's; all its references would not fit the bus."""

OnTime = published.ReminderRaised | published.DeadlineBreached | published.LeadRaised
Raised = OnTime | findings.IrregularityFound
Lifted = published.JudgementSuperseded | findings.FindingLifted
Finding = Raised | Lifted


def say(
    event: Event,
    *,
    event_id: str,
    of_event: int,
    source: str,
    key: CaseKey,
    record: CaseRecord,
    unit: str,
    office: Office,
    now: datetime,
) -> NewPublication:
    """Prepare what is said of one event; `of_event` is its index in the same append."""
    match event:
        case JudgementRaised():
            data: Finding = _raised(event, key, office)
            time = event.evidence.fired_at
        case JudgementSuperseded():
            data = _superseded(event, key, record, unit or _teller(record))
            time = now
        case _:
            assert_never(event)
    about = f"{key.source}|{key.number}"
    composed = compose(
        data,
        event_id=event_id,
        source=source,
        subject=key.number,
        time=time.astimezone(office.zone),
        recordedtime=now.astimezone(office.zone),
        sequence=UNNUMBERED,
        partitionkey=about,
        correlationid=about,
        causationid=_cause(event),
    )
    subject = ours(type_of(type(data)), unit=data.unit, key=key.number)
    return publication(composed, subject, of_event=of_event)


def _cause(event: Event) -> str | None:
    if isinstance(event, JudgementSuperseded) and event.because.startswith(FACT):
        return event.because.removeprefix(FACT)
    return None


def _raised(event: JudgementRaised, key: CaseKey, office: Office) -> Raised:
    limit = event.evidence.limit
    return _irregular(event, key) if limit is None else _on_time(event, limit, key, office)


def _irregular(event: JudgementRaised, key: CaseKey) -> findings.IrregularityFound:
    judgement, evidence = event.judgement, event.evidence
    return findings.IrregularityFound(
        case=key.number,
        case_source=key.source,
        unit=evidence.unit,
        rule=published.RuleReference(id=judgement.rule, version=str(evidence.rule_version)),
        clause=evidence.clause,
        judgement=judgement.id,
        level=_grade(judgement.level),
        withheld=evidence.withheld or None,
        message=evidence.message,
        facts=_references(key, evidence.facts),
    )


def _grade(level: Level) -> findings.FindingLevel:
    return findings.FindingLevel(level.removesuffix("-lead"))


def _on_time(event: JudgementRaised, limit: Due, key: CaseKey, office: Office) -> OnTime:
    judgement, evidence = event.judgement, event.evidence
    common: dict[str, Any] = {
        "case": key.number,
        "case_source": key.source,
        "unit": evidence.unit,
        "facts": _references(key, evidence.facts),
        "rule": published.RuleReference(id=judgement.rule, version=str(evidence.rule_version)),
        "clause": evidence.clause,
        "calendar_version": evidence.calendar_version,
        "judgement": judgement.id,
        "clock": judgement.clock,
        "due": limit.at.astimezone(office.zone),
        "due_on": limit.on if limit.whole_day else None,
        "fires_at": evidence.fired_at.astimezone(office.zone),
    }
    if judgement.level is Level.REMINDER:
        return published.ReminderRaised(provisional=evidence.provisional, **common)
    level = published.BreachLevel(judgement.level.removesuffix("-lead"))
    if level is published.BreachLevel.RED:
        common["supervision_due"] = judgement.due_at.astimezone(office.zone)
    if evidence.withheld:
        return published.LeadRaised(level=level, withheld=evidence.withheld, **common)
    return published.DeadlineBreached(level=level, **common)


def _superseded(event: JudgementSuperseded, key: CaseKey, record: CaseRecord, unit: str) -> Lifted:
    lifted, cause = record.standing[event.judgement], _cause(event)
    because = None if cause is None else _references(key, [cause])[0]
    if lifted.clock == ACT:
        version = str(record.versions[event.judgement])
        return findings.FindingLifted(
            judgement=event.judgement,
            unit=unit,
            rule=published.RuleReference(id=lifted.rule, version=version),
            level=_grade(lifted.level),
            reason=_reason(event.because, record),
            because=because,
            replaced_by=event.replaced_by,
        )
    return published.JudgementSuperseded(
        case=key.number,
        case_source=key.source,
        unit=unit,
        facts=_references(key, [each.event.id for each in record.told]),
        judgement=event.judgement,
        clock=lifted.clock,
        level=published.Level(lifted.level.removesuffix("-lead")),
        reason=_reason(event.because, record),
        because=because,
        replaced_by=event.replaced_by,
    )


def _teller(record: CaseRecord) -> str:
    """Name the unit that spoke last of a case whose acceptance was voided: nobody else holds it."""
    data = record.told[-1].event.data
    if not isinstance(data, CaseFact):
        raise TypeError(record.told[-1].event.type)
    return data.unit


def _references(key: CaseKey, facts: Sequence[str]) -> tuple[published.FactReference, ...]:
    named = facts[-MOST_REFERENCES:]
    return tuple(published.FactReference(source=key.source, id=fact) for fact in named)


def _reason(because: str, record: CaseRecord) -> str:
    """Name the kind of cause by a stable code."""
    kind, _, name = because.partition(":")
    if kind != "fact":
        changed = {
            "calendar": "calendar-changed",
            "rule": "rule-changed",
            "law": "law-changed",
        }
        return changed.get(kind, "quarantine-changed")
    data = next(each.event.data for each in record.told if each.event.id == name)
    if isinstance(data, FactVoided):
        return "fact-voided"
    return "date-corrected" if getattr(data, "corrects", None) else "late-fact"
