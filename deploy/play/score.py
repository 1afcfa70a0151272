"""All that is to be said, in the order in which it is said, in bounded memory."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Self

from services.electronic_supervision.connect.telling import Telling

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SCHEMA = """
create table telling (
    seq integer primary key, number text, id text, at integer not null, subject text, body blob
)
"""
IDS = "select number, id from telling order by seq"
ADD = "insert into telling (number, id, at, subject, body) values (?,?,?,?,?)"
AS_ADDED = "select id, at, subject, body from telling order by seq"
BY_TIME = "select id, at, subject, body from telling order by at, seq"


class Score:
    """Events on their way to the bus; SQLite keeps many in a file that ends with the process."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(SCHEMA)
        self._database.execute("begin")
        self.events = 0

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

    def add(self, number: str, telling: Telling) -> None:
        """Note what is to be said of the case with that number; a case is told in one piece."""
        ticks = (telling.at - EPOCH) // MICROSECOND
        self._database.execute(ADD, (number, telling.id, ticks, telling.subject, telling.body))
        self.events += 1

    def cases(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield each case by its number, with the ids of all that is to be said of it."""
        for number, rows in groupby(self._database.execute(IDS), itemgetter(0)):
            yield number, frozenset(id_ for _, id_ in rows)

    def tellings(self, *, by_time: bool) -> Iterator[Telling]:
        """Yield all of it, case by case as it was noted, or in the order in which it happened."""
        for id_, ticks, subject, body in self._database.execute(BY_TIME if by_time else AS_ADDED):
            at = EPOCH + ticks * MICROSECOND
            yield Telling(id=id_, at=at, subject=subject, body=body)
