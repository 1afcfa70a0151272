"""From a logged case to what its system would have said: facts that mean what an audit takes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from contracts.approvals import (
    CaseAccepted,
    CaseDecided,
    CaseFact,
    Outcome,
    StepFinished,
    TimeKnown,
)
from contracts.registry import event_of, type_of
from contracts.subjects import city
from contracts.vocabulary import Limit
from contracts.wire import write
from services.electronic_supervision.audit.assemble import LoggedCase
from services.electronic_supervision.domain.time.moment import Moment

NAMESPACE = UUID("c0b5b8f4-0f7e-5a63-9d2e-6a3f1f8f2f0d")
OFFICE = ZoneInfo("Asia/Shanghai")
NOON = time(12)
UNKNOWN = "(unknown)"
"""What stands for an item or step that the log leaves empty: events have to name one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks: a system under its source. `zone` is that of the log's days.

    `limit` is what it states where the log gives no end of its own; `shift` moves all times.
    """

    name: str
    source: str
    zone: ZoneInfo
    limit: Limit | None
    shift: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One event on its way to the bus; `at` (UTC) is when it happened."""

    id: str
    at: datetime
    subject: str
    body: bytes


def tell(case: LoggedCase, speaker: Speaker) -> Iterator[Telling]:
    """Yield what is said of a case. Raises pydantic's ValidationError for what can't be said.

    Ids derive from what is said, so that it may be said again.
    """
    due = None if case.due is None else _shifted(case.due, speaker)
    at, known = _instant(case.accepted, speaker)
    who = {"case": case.id, "unit": case.unit}
    accepted = CaseAccepted(
        **who,
        time_known=known,
        item=case.item or UNKNOWN,
        stated_due=due.earliest if due and not due.is_day else None,
        stated_due_on=_day(due, speaker) if due and due.is_day else None,
        stated_limit=speaker.limit if due is None else None,
    )
    yield _telling(at, accepted, speaker)
    for step in case.steps:
        at, known = _instant(step.at, speaker)
        done = StepFinished(
            **who, time_known=known, step=step.name or UNKNOWN, holder=step.unit or None
        )
        yield _telling(at, done, speaker)
    if case.finished is not None:
        at, known = _instant(case.finished, speaker)
        decided = CaseDecided(**who, time_known=known, outcome=Outcome.OTHER, reasons=())
        yield _telling(at, decided, speaker)


def _telling(at: datetime, data: CaseFact, speaker: Speaker) -> Telling:
    type_ = type_of(type(data))
    said = [speaker.source, type_, at.isoformat(), data.model_dump_json(exclude_none=True)]
    event = event_of(type(data))(
        specversion="1.0",
        id=str(uuid5(NAMESPACE, json.dumps(said))),
        source=speaker.source,
        type=type_,
        time=at,
        subject=data.case,
        data=data,
    )
    subject = city(speaker.name, type_, unit=data.unit, key=data.case)
    return Telling(id=event.id, at=at, subject=subject, body=write(event))


def _instant(moment: Moment, speaker: Speaker) -> tuple[datetime, TimeKnown]:
    """Return the time of an event, and how much of it is known; a day is told by its noon here."""
    shifted = _shifted(moment, speaker)
    if not shifted.is_day:
        return shifted.earliest, TimeKnown.INSTANT
    noon = datetime.combine(_day(shifted, speaker), NOON, tzinfo=OFFICE)
    return noon.astimezone(UTC), TimeKnown.DAY


def _day(moment: Moment, speaker: Speaker) -> date:
    try:
        return moment.earliest.astimezone(speaker.zone).date()
    except OverflowError:
        return moment.earliest.date()


def _shifted(moment: Moment, speaker: Speaker) -> Moment:
    """Move a moment; the end of all times, often "never", stays where it is."""
    try:
        earliest, latest = (each + speaker.shift for each in (moment.earliest, moment.latest))
    except OverflowError:
        return moment
    return Moment(earliest=earliest, latest=latest)
