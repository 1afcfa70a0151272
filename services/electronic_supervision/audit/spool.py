"""A private temporary store that groups a log's records by case in bounded memory."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.record import Record, Rejected, Step

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SCHEMA = """
create table record (seq integer primary key, case_id text not null, body text not null);
create table rejected (body text not null);
"""
IN_ORDER_OF_APPEARANCE = """
select case_id, body
from record join (select case_id, min(seq) as first from record group by case_id) using (case_id)
order by first, seq
"""


class Spool:
    """Records and rejections on their way from the file to the judge.

    SQLite keeps them in memory while they are few and in a file without a name when they are many,
    which vanishes with the process.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(SCHEMA)
        self._database.execute("begin")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Throw everything away."""
        self._database.close()

    def add(self, record: Record) -> None:
        """Keep a record."""
        self._database.execute(
            "insert into record (case_id, body) values (?, ?)", (record.case_id, _packed(record))
        )

    def reject(self, rejected: Rejected) -> None:
        """Keep a rejection."""
        place = (rejected.line, rejected.case)
        why = (rejected.code, rejected.field, rejected.column, rejected.text)
        self._database.execute("insert into rejected values (?)", (json.dumps((*place, *why)),))

    def cases(self) -> Iterator[tuple[Record, ...]]:
        """Yield the records of each case, in the order of the log and of first appearance."""
        self._database.execute("create index by_case on record (case_id, seq)")
        rows = self._database.execute(IN_ORDER_OF_APPEARANCE)
        for case_id, group in groupby(rows, key=lambda row: str(row[0])):
            yield tuple(_unpacked(case_id, body) for _, body in group)

    def rejections(self) -> Iterator[Rejected]:
        """Yield the rejections in the order in which they were noted."""
        for (body,) in self._database.execute("select body from rejected order by rowid"):
            line, case, code, field, column, text = json.loads(body)
            yield Rejected(line=line, case=case, code=code, field=field, column=column, text=text)


def _packed(record: Record) -> str:
    moments = [_ticks(moment) for moment in (record.accepted, record.due, record.finished)]
    steps = [(step.name, _ticks(step.at), step.unit) for step in record.steps]
    return json.dumps((record.line, record.unit, record.item, moments, steps))


def _unpacked(case_id: str, body: str) -> Record:
    line, unit, item, moments, steps = json.loads(body)
    accepted, due, finished = (_moment(ticks) for ticks in moments)
    return Record(
        line=line,
        case_id=case_id,
        unit=unit,
        item=item,
        accepted=accepted,
        due=due,
        finished=finished,
        steps=tuple(
            Step(name=name, at=at, unit=unit)
            for name, ticks, unit in steps
            if (at := _moment(ticks)) is not None
        ),
    )


def _ticks(moment: Moment | None) -> tuple[int, int] | None:
    if moment is None:
        return None
    return (moment.earliest - EPOCH) // MICROSECOND, (moment.latest - EPOCH) // MICROSECOND


def _moment(ticks: Any) -> Moment | None:
    if ticks is None:
        return None
    earliest, latest = ticks
    return Moment(earliest=EPOCH + earliest * MICROSECOND, latest=EPOCH + latest * MICROSECOND)
