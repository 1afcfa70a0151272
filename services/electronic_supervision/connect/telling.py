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
from contracts.envelope import Event
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a log tells of a case in one event; `at` (UTC) is when it happened."""

    at: datetime
    data: CaseFact


def tell(case: LoggedCase, speaker: Speaker) -> Iterator[Telling]:
    """Yield what is said of a case. Raises pydantic's ValidationError for what can't be said."""
    for fact in facts(case, speaker):
        said = event(fact, speaker.source)
        subject = city(speaker.name, said.type, unit=fact.data.unit, key=fact.data.case)
        yield Telling(id=said.id, at=fact.at, subject=subject, body=write(said))


def facts(case: LoggedCase, speaker: Speaker) -> Iterator[Fact]:
    """Yield the facts of a case: its acceptance, its steps, its end. Raises as `tell`."""
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
    yield Fact(at=at, data=accepted)
    for step in case.steps:
        at, known = _instant(step.at, speaker)
        done = StepFinished(
            **who, time_known=known, step=step.name or UNKNOWN, holder=step.unit or None
        )
        yield Fact(at=at, data=done)
    if case.finished is not None:
        at, known = _instant(case.finished, speaker)
        decided = CaseDecided(**who, time_known=known, outcome=Outcome.OTHER, reasons=())
        yield Fact(at=at, data=decided)


def event(fact: Fact, source: str) -> Event[CaseFact]:
    """Return the event of a fact; its id derives from what is said, so that it may be said again.

    Raises pydantic's ValidationError.
    """
    type_ = type_of(type(fact.data))
    return event_of(type(fact.data))(
        specversion="1.0",
        id=id_of(type_, fact, source),
        source=source,
        type=type_,
        time=fact.at,
        subject=fact.data.case,
        data=fact.data,
    )


def id_of(type_: str, fact: Fact, source: str) -> str:
    """Return the id that a fact has when a map is what told it."""
    content = fact.data.model_dump_json(exclude_none=True)
    return str(uuid5(NAMESPACE, json.dumps([source, type_, fact.at.isoformat(), content])))


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
