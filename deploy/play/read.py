"""Read a log as an audit does, and note what its system would have said of each case."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pydantic import ValidationError

from deploy.play.score import Score
from services.electronic_supervision.audit.assemble import LoggedCase, assemble
from services.electronic_supervision.audit.judge import Bench, judge
from services.electronic_supervision.audit.spool import Spool
from services.electronic_supervision.connect.telling import Speaker, tell
from services.electronic_supervision.log.entry import Entry
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.record import Record, Rejected, record_reader

WEEK = timedelta(weeks=1)
UNSAYABLE = "value-unusable"


def fill(entries: Iterable[Entry], log_map: LogMap, spool: Spool, now: datetime) -> datetime | None:
    """Put a log's records into a spool; return the last of its times that is not in the future."""
    read, last = record_reader(log_map), None
    for entry in entries:
        record, rejected = read(entry)
        for rejection in rejected:
            spool.reject(rejection)
        if record is not None:
            spool.add(record)
            last = max((at for at in (last, *_times(record)) if at and at <= now), default=last)
    return last


def weeks_to(now: datetime, last: datetime | None) -> timedelta:
    """Return the whole weeks that bring the last time of a log into the week that ends now."""
    return timedelta() if last is None else (now - last) // WEEK * WEEK


def note(spool: Spool, bench: Bench, speaker: Speaker, score: Score, *, stepwise: bool) -> int:
    """Note what is said of each case that can be told, and count those; others stay in the spool.

    Of a case that is left nothing is said at all.
    """
    noted = 0
    for records in spool.cases():
        logged = assemble(records, stepwise=stepwise)
        if isinstance(logged, Rejected):
            spool.reject(logged)
            continue
        try:
            judge(logged, bench)
            said = list(tell(logged, speaker))
        except OverflowError:
            spool.reject(_left(logged, "time-out-of-range", "accepted_at"))
        except ValidationError as error:
            spool.reject(_left(logged, UNSAYABLE, str(error.errors()[0]["loc"][0])))
        else:
            for each in said:
                score.add(logged.id, each)
            noted += 1
    return noted


def _times(record: Record) -> Iterator[datetime]:
    for moment in (record.accepted, record.finished, *(step.at for step in record.steps)):
        if moment is not None:
            yield moment.earliest


def _left(logged: LoggedCase, code: str, field: str) -> Rejected:
    is_trace = logged.line is None
    return Rejected(
        line=logged.line,
        case=logged.id if is_trace else None,
        code=code,
        field=field,
        column=None,
        text=logged.id[:40],
    )
