"""The audit from file to figures: read, group by case, judge, count."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.electronic_supervision.audit.assemble import LoggedCase, assemble
from services.electronic_supervision.audit.judge import Bench, JudgedCase, judge, limit_of
from services.electronic_supervision.audit.spool import Spool
from services.electronic_supervision.audit.tally import AsOfTally, Tally
from services.electronic_supervision.domain.time.calendar import WorkingCalendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.log.entry import Entry
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.record import Record, Rejected, record_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A finished audit; what it rejected is in the spool."""

    tally: Tally
    bench: Bench


def audit(
    entries: Iterable[Entry],
    log_map: LogMap,
    calendar: WorkingCalendar,
    spool: Spool,
    *,
    as_of: Sequence[datetime],
    now: datetime,
    seen: Callable[[JudgedCase], None] = lambda _: None,
) -> Audit:
    """Judge all cases of a log at the last `as_of` instant, else at the log's own last time.

    All instants are in UTC. `seen` hears of each judged case in turn; what was rejected is left in
    the spool. Raises BadLogError where the entries do.
    """
    tally = Tally(as_of=[AsOfTally(at=at) for at in as_of])
    last = _read(entries, log_map, spool, tally, now)
    bench = Bench(
        source=log_map.source,
        office=Office(calendar=calendar, zone=log_map.timezone),
        limit=limit_of(log_map.case.limit),
        as_of=max(as_of, default=last or now),
        now=now,
    )
    for case in _judged(spool, bench, stepwise=log_map.event is not None):
        tally.add(case)
        seen(case)
    return Audit(tally=tally, bench=bench)


def _read(
    entries: Iterable[Entry], log_map: LogMap, spool: Spool, tally: Tally, now: datetime
) -> datetime | None:
    """Fill the spool and return the last time in the log that may be true."""
    read = record_reader(log_map)
    last: datetime | None = None
    for entry in entries:
        record, rejected = read(entry)
        for rejection in rejected:
            spool.reject(rejection)
        if record is None:
            continue
        spool.add(record)
        tally.events += len(record.steps)
        for at in _times(record):
            if at <= now and (last is None or at > last):
                last = at
    return last


def _times(record: Record) -> Iterator[datetime]:
    for moment in (record.accepted, record.finished):
        if moment is not None:
            yield moment.earliest
    for step in record.steps:
        yield step.at.earliest


def _judged(spool: Spool, bench: Bench, *, stepwise: bool) -> Iterator[JudgedCase]:
    for records in spool.cases():
        logged = assemble(records, stepwise=stepwise)
        if isinstance(logged, Rejected):
            spool.reject(logged)
            continue
        try:
            yield judge(logged, bench)
        except OverflowError:
            spool.reject(_beyond_9999(logged))


def _beyond_9999(logged: LoggedCase) -> Rejected:
    return Rejected(
        line=logged.line,
        case=logged.id if logged.line is None else None,
        code="time-out-of-range",
        field="accepted_at",
        column=None,
        text=logged.accepted.earliest.isoformat(),
    )
