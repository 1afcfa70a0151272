"""All that is to be said, in the order in which it is said, in bounded memory."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from deploy.play.telling import Telling

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SCHEMA = """
create table telling (
    seq integer primary key, id text, at integer not null, subject text, body blob
)
"""
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

    def add(self, telling: Telling) -> None:
        """Note what is to be said."""
        row = (telling.id, (telling.at - EPOCH) // MICROSECOND, telling.subject, telling.body)
        self._database.execute("insert into telling (id, at, subject, body) values (?,?,?,?)", row)
        self.events += 1

    def tellings(self, *, by_time: bool) -> Iterator[Telling]:
        """Yield all of it, case by case as it was noted, or in the order in which it happened."""
        for id_, ticks, subject, body in self._database.execute(BY_TIME if by_time else AS_ADDED):
            at = EPOCH + ticks * MICROSECOND
            yield Telling(id=id_, at=at, subject=subject, body=body)
