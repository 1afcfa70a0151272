"""Epochs of a source: each counts its events from 1, for what was said after is disowned."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

EPOCHS = "select number, after from epoch order by number"
CURRENT = "select max(number) from epoch"
# lock: no publication may come between the last one we see and the new epoch
LOCK = "select pg_advisory_xact_lock(hashtextextended(current_schema(), 0))"
RUNNING = "select name from lease where expires_at > clock_timestamp() order by name"
OPEN = """
insert into epoch (number, after)
select max(number) + 1, (select coalesce(max(sequence), 0) from publication) from epoch
returning number
"""


class StillRunningError(Exception):
    """The service must be stopped first; the message names the leases that are held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """The `number`-th epoch; its event 1 is the publication that follows `after`."""

    number: int
    after: int


async def epochs(connection: asyncpg.Connection) -> Sequence[Epoch]:
    """Return all epochs in order; number 1 comes first."""
    rows = await connection.fetch(EPOCHS)
    return [Epoch(number=row["number"], after=row["after"]) for row in rows]


async def current(connection: asyncpg.Connection) -> int:
    """Return the number of the epoch in which the service speaks."""
    number: int = await connection.fetchval(CURRENT)
    return number


async def open_epoch(connection: asyncpg.Connection) -> int:
    """Open the next epoch and return its number.

    What the stream holds beyond the last publication is disowned by it. Raises StillRunningError
    while a lease is held; then nothing changes.
    """
    async with connection.transaction():
        await connection.execute(LOCK)
        if held := await connection.fetch(RUNNING):
            raise StillRunningError(", ".join(row["name"] for row in held))
        number: int = await connection.fetchval(OPEN)
        return number
