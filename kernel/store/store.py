"""The event store: an append-only record of one service in PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import asyncpg

from kernel.store.events import Appended, CommandKey, NewEvent, NewPublication, StoredEvent

APPEND = "select * from append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
OF_STREAM = """
select position, stream, version, id, type, data, metadata, recorded_at, hash
from event where stream = $1 and version > $2 order by version
"""
AFTER = """
select position, stream, version, id, type, data, metadata, recorded_at, hash
from event where position > $1 order by position limit $2
"""
OF_KEY = "select digest, first, last from command_key where key = $1"


class VersionConflictError(Exception):
    """Somebody else was quicker: a stream is not at the version that was expected."""


class KeyReusedError(Exception):
    """The key of a command was used before for another one."""


class EpochClosedError(Exception):
    """What was to be said names an epoch of the source that an operator has closed."""


class StreamDisputedError(Exception):
    """The stream holds what this record does not, as after a restore: nothing can be said yet."""


async def append(
    connection: asyncpg.Connection,
    events: Sequence[NewEvent],
    recorded_at: datetime,
    *,
    publications: Sequence[NewPublication] = (),
    key: CommandKey | None = None,
    epoch: int = 1,
) -> Appended:
    """Record events and what they publish in one step, the last one of its transaction.

    The connection's search path names the service. `recorded_at` is aware. With a `key`
    used before, nothing is recorded, and where its events are is returned. `epoch` is the one whose
    source the publications name. Raises VersionConflictError, KeyReusedError, EpochClosedError and
    StreamDisputedError; then nothing is recorded.
    """
    try:
        rows = await connection.fetch(
            APPEND,
            [event.stream for event in events],
            [event.version for event in events],
            [event.id for event in events],
            [event.type for event in events],
            [event.data for event in events],
            [event.metadata for event in events],
            recorded_at,
            [publication.of_event + 1 for publication in publications],
            [publication.subject for publication in publications],
            [publication.body for publication in publications],
            [publication.number_at + 1 for publication in publications],
            None if key is None else key.key,
            None if key is None else key.digest,
            epoch,
        )
    except asyncpg.PostgresError as error:
        if error.sqlstate == "XN409":
            raise VersionConflictError from error
        if error.sqlstate == "XN422":
            raise KeyReusedError(key.key if key else "") from error
        if error.sqlstate == "XN410":
            raise EpochClosedError(epoch) from error
        if error.sqlstate == "XN423":
            raise StreamDisputedError from error
        raise
    first, last, is_repeat = rows[0]
    return Appended(first=first, last=last, is_repeat=is_repeat)


async def load(connection: asyncpg.Connection, stream: str, *, after: int = 0) -> list[StoredEvent]:
    """Return the events of a stream after a version, in order."""
    return [_stored(row) for row in await connection.fetch(OF_STREAM, stream, after)]


async def carried_out(connection: asyncpg.Connection, key: CommandKey) -> list[StoredEvent] | None:
    """Return what a command made happen when it was carried out, None if it was not yet.

    Raises KeyReusedError.
    """
    rows = await connection.fetch(OF_KEY, key.key)
    if not rows:
        return None
    if rows[0]["digest"] != key.digest:
        raise KeyReusedError(key.key)
    first, last = rows[0]["first"], rows[0]["last"]
    return [_stored(row) for row in await connection.fetch(AFTER, first - 1, last - first + 1)]


async def read(
    connection: asyncpg.Connection, *, after: int = 0, batch: int = 1000
) -> AsyncIterator[StoredEvent]:
    """Yield all events after a position, in order, as far as they are committed."""
    while rows := await connection.fetch(AFTER, after, batch):
        for row in rows:
            yield _stored(row)
        after = rows[-1]["position"]


def _stored(row: asyncpg.Record) -> StoredEvent:
    return StoredEvent(**row)
