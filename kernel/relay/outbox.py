"""The publications of a service, and how far they have come: what the relay asks PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from kernel.lease import Lease, check

# the size of a stored text is known without fetching it
NEXT = """
with ahead as (
    select sequence, subject, body from publication
    where sequence > $1 order by sequence limit $2
), sized as (
    select *, sum(octet_length(body)) over (order by sequence) as bytes from ahead
)
select sequence, subject, body, (select max(sequence) from publication) as last
from sized where bytes <= $3 or sequence = $1 + 1 order by sequence
"""
BODY = "select body from publication where sequence = $1"
CURSOR = "select sequence, stream_sequence from relay_cursor"
ADVANCE = "update relay_cursor set sequence = $1, stream_sequence = $2, is_agreed = true"
DISPUTE = "update relay_cursor set is_agreed = false where is_agreed"
BEHIND = """
select (select max(sequence) from publication) - c.sequence as count
from relay_cursor c
join publication p on p.sequence = c.sequence + 1
join event e on e.position = p.position
where e.recorded_at < clock_timestamp() - $1::interval
"""

LARGEST_BATCH = 500
LARGEST_BYTES = 4 << 20


class MissingPublicationError(Exception):
    """The record lacks the publication of this `sequence`, though it has later ones."""

    def __init__(self, sequence: int) -> None:
        super().__init__(str(sequence))
        self.sequence = sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the relay has come: publication `sequence` is in the stream as `stream_sequence`."""

    sequence: int
    stream_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What to send next, as (subject, body), and how many publications are not yet sent."""

    said: Sequence[tuple[str, bytes]]
    unsent: int


async def after(connection: asyncpg.Connection, sequence: int) -> Batch:
    """Return what follows a publication, at most LARGEST_BATCH and LARGEST_BYTES, but one at least.

    Raises MissingPublicationError.
    """
    rows = await connection.fetch(NEXT, sequence, LARGEST_BATCH, LARGEST_BYTES)
    for expected, row in enumerate(rows, sequence + 1):
        if row["sequence"] != expected:
            raise MissingPublicationError(expected)
    said = [(row["subject"], row["body"].encode()) for row in rows]
    return Batch(said=said, unsent=rows[0]["last"] - sequence if rows else 0)


async def body_of(connection: asyncpg.Connection, sequence: int) -> bytes | None:
    """Return the bytes of a publication, None if there is none."""
    body: str | None = await connection.fetchval(BODY, sequence)
    return None if body is None else body.encode()


async def cursor(connection: asyncpg.Connection) -> Place:
    """Return how far the relay knew it had come."""
    row = (await connection.fetch(CURSOR))[0]
    return Place(sequence=row["sequence"], stream_sequence=row["stream_sequence"])


async def note(connection: asyncpg.Connection, lease: Lease, place: Place) -> None:
    """Set the cursor, forwards or back. Raises LeaseLostError; then it stays."""
    async with connection.transaction():
        await check(connection, lease)
        await connection.execute(ADVANCE, place.sequence, place.stream_sequence)


async def unsent_for(connection: asyncpg.Connection, age: timedelta) -> int:
    """Return how many publications wait if the oldest of them was recorded so long ago, else 0."""
    return await connection.fetchval(BEHIND, age) or 0


async def dispute(connection: asyncpg.Connection) -> None:
    """Let nothing more be said until stream and record agree: its numbers would be taken."""
    await connection.execute(DISPUTE)
