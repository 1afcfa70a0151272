"""What a case is judged with, and the ruling on one case at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from contracts.approvals import CaseFact
from services.electronic_supervision.domain.case import YEARS, Case, Mark, fold
from services.electronic_supervision.domain.clocks import Course
from services.electronic_supervision.domain.engine import Event, JudgementSuperseded, differences
from services.electronic_supervision.domain.irregularity import irregularities
from services.electronic_supervision.domain.judgement import CaseKey, Finding, judge
from services.electronic_supervision.domain.law import Law, matter_of, terms_of
from services.electronic_supervision.domain.surroundings import ASKED_OF_CASES
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.limits import measure_of
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import fact_of
from services.electronic_supervision.record import CaseRecord
from services.electronic_supervision.rules.shelf import founding_book

AT_ONCE = timedelta()
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


def stated_law(office: Office) -> Law:
    """Return the law of a city that has said nothing yet."""
    return Law(office=office, book=founding_book())


@dataclass(slots=True, kw_only=True)
class Court:
    """The law as it was taken up last, and how late each source uploads.

    `looks` are the sources that connectors read, each with until when (UTC) it was read.
    """

    law: Law
    settle: Mapping[str, timedelta]
    version: int = 0
    looks: Mapping[str, datetime] = field(default_factory=dict)

    def known_through(self, source: str, horizon: datetime) -> datetime:
        """Return until when (UTC) all is in that a source knows, where all said is by `horizon`."""
        return min(horizon, self.looks.get(source, horizon))

    @property
    def office(self) -> Office:
        """Return the office time of the law."""
        return self.law.office

    def terms(self, key: CaseKey, case: Case) -> Terms:
        """Choose the terms of a case."""
        return terms_of(case, matter_of(key.source, case, self.law), self.law)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is kept of a case beside its record; `position` is that of the last event considered.

    An end that is dated in the future has not come. `due_at` is the end of its total limit, None
    while paused or without one, `measure` in what that is counted; `is_late` is None while it is
    open, and without a limit. It is looked at again once all said by `next_at` is in, or once the
    connectors of its source have looked through `look_at`.
    """

    id: str
    source: str
    number: str
    unit: str
    item: str
    is_ended: bool
    position: int
    next_at: datetime | None
    calendar: str
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    measure: str = ""
    is_provisional: bool = False
    is_late: bool | None = None
    law: int = 0
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What changes of a case's judgements, and what to keep of it."""

    row: Row
    key: CaseKey
    record: CaseRecord
    events: tuple[Event, ...] = ()


def case_of(record: CaseRecord, law: Law) -> Case:
    """Return a case as its record tells it, with what the rules of the law may ask about."""
    asked = law.book.types | ASKED_OF_CASES if law.book.types else law.book.types
    told = (fact_of(each.event, each.recorded_at, law.office, asked) for each in record.told)
    return fold((fact for fact in told if fact is not None), unread=bool(record.unread))


def key_of(record: CaseRecord) -> CaseKey:
    """Return what a case of which something was told is called."""
    event = record.told[0].event
    if not isinstance(event.data, CaseFact):
        raise TypeError(event.type)
    return CaseKey(source=event.source, number=event.data.case)


def rule(
    id_: str, record: CaseRecord, before: Row | None, court: Court, horizon: datetime | None
) -> Ruling | None:
    """Rule on a case by all that is recorded of it; None if no fact is.

    Everything that was said until `horizon` (UTC) is in. What came after that waits, since more of
    the same backlog may follow it. Nothing is raised until the source had the time it needs to
    upload what it knows, counted from the first news that was not fully considered yet, lest a fact
    a day hold a card off for ever; but what no longer holds is lifted at once. What connectors have
    not looked for yet counts as not uploaded.
    """
    if not record.told:
        return None
    key, case = key_of(record), case_of(record, court.law)
    _, heard_at = record.heard[-1]
    settle = court.settle.get(key.source, AT_ONCE)
    considered = 0 if before is None else before.position
    if horizon is None or horizon <= heard_at:
        row = _row(id_, key, case, considered, heard_at, court, None, horizon)
        return Ruling(row=row, key=key, record=record)
    matter = matter_of(key.source, case, court.law)
    terms = terms_of(case, matter, court.law)
    on_time, awaited, run = judge(key, case, terms, court.office, horizon - settle)
    acts = irregularities(key, case, matter, court.law, horizon - settle)
    findings = [*on_time, *(each for each in acts if isinstance(each, Finding))]
    known = court.known_through(key.source, horizon)
    told, later = _known(findings, record, None if known == horizon else known - settle)
    awaited = min((each for each in (awaited, later) if each is not None), default=None)
    events = differences(record.standing, told, _because(record, before, court))
    ready_at = _first_after(considered, record) + settle
    if known <= ready_at:
        # what would stand instead is not said yet, and may never be
        lifted = (event for event in events if isinstance(event, JudgementSuperseded))
        events = tuple(replace(event, replaced_by=None) for event in lifted)
        row = _row(id_, key, case, considered, ready_at, court, run, horizon)
    else:
        next_at = None if awaited is None else awaited + settle
        row = _row(id_, key, case, record.heard[-1][0], next_at, court, run, horizon)
    if key.source in court.looks:
        row = replace(row, next_at=None, look_at=row.next_at)
    return Ruling(row=row, key=key, record=record, events=events)


def _known(
    findings: Sequence[Finding], record: CaseRecord, until: datetime | None
) -> tuple[Sequence[Finding], datetime | None]:
    """Leave out what was reached when nobody can have told yet, and say when the first of it was.

    What stands may stand. `until` is None if all that happened is known.
    """
    if until is None:
        return findings, None
    ahead = [
        each
        for each in findings
        if each.evidence.fired_at >= until and each.judgement.id not in record.standing
    ]
    first = min((each.evidence.fired_at for each in ahead), default=None)
    return [each for each in findings if each not in ahead], first


def _first_after(position: int, record: CaseRecord) -> datetime:
    """Return when the first news after a position was recorded; long ago if there is none."""
    return next((at for place, at in record.heard if place > position), LONG_AGO)


def settled_through(record: CaseRecord, settle: timedelta, horizon: datetime | None) -> int:
    """Return the position of the last news that its source has had its time for, 0 if none has."""
    if horizon is None:
        return 0
    return max((place for place, at in record.heard if at + settle < horizon), default=0)


def _row(
    id_: str,
    key: CaseKey,
    case: Case,
    position: int,
    next_at: datetime | None,
    court: Court,
    run: Course | None,
    horizon: datetime | None,
) -> Row:
    ended, due = case.ended, None if run is None else run.due
    if ended is not None and (horizon is None or ended.at.earliest > horizon):
        next_at = ended.at.earliest if next_at is None else min(next_at, ended.at.earliest)
        ended = None
    return Row(
        id=id_,
        source=key.source,
        number=key.number,
        unit=case.unit,
        item=case.item,
        is_ended=ended is not None,
        position=position,
        next_at=next_at,
        calendar=court.office.calendar.version,
        accepted_at=_credible(case.accepted),
        ended_at=_credible(ended),
        due_at=None if due is None or due.at.year not in YEARS else due.at,
        measure="" if run is None or not run.limits else measure_of(run.limits[-1]),
        is_provisional=due is not None and due.provisional,
        is_late=None if ended is None or due is None else due.missed_by(ended.at),
        law=court.version,
    )


def _credible(mark: Mark | None) -> datetime | None:
    """Return when something happened; nothing where a slip of the year puts it."""
    return None if mark is None or mark.at.earliest.year not in YEARS else mark.at.earliest


def _because(record: CaseRecord, before: Row | None, court: Court) -> str:
    """Name what has changed since the case was considered last."""
    position, _ = record.heard[-1]
    if before is None or position > before.position:
        told = record.told[-1]
        return f"fact:{told.event.id}" if told.position == position else "quarantine"
    version = court.office.calendar.version
    if before.calendar != version:
        return f"calendar:{version}"
    return "time" if before.law == court.version else f"law:{court.version}"
