"""Whether what a service said is still there, whole, and readable."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg

from contracts.wire import UnreadableError, read
from kernel.store.chain import Break
from kernel.tenancy import Tenancy

AFTER = """
select p.sequence, p.body, e.position is not null as is_told, o.number as epoch,
       p.sequence - o.after as numbered
from publication p left join event e using (position)
     left join lateral (select number, after from epoch where after < p.sequence
                        order by number desc limit 1) o on true
where p.sequence > $1 order by p.sequence limit $2
"""
SENT = "select sequence from relay_cursor"
BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a walk over all publications found; `last` is the sequence of the last one."""

    last: int
    breaks: list[Break]


async def walk(connection: asyncpg.Connection, tenancy: Tenancy) -> Walk:
    """Return where the publications of the service on the search path are not what they were.

    `publication-missing`: a sequence is left out, or was sent and is gone. `publication-altered`:
    it belongs to no event, can't be read, or gives another source or sequence than its own.
    """
    breaks: list[Break] = []
    last = 0
    async for row in _all(connection):
        if row["sequence"] != last + 1:
            breaks.append(Break(position=last + 1, what="publication-missing"))
        last = row["sequence"]
        if not _is_whole(row, tenancy):
            breaks.append(Break(position=last, what="publication-altered"))
    if (await connection.fetchval(SENT) or 0) > last:
        breaks.append(Break(position=last + 1, what="publication-missing"))
    return Walk(last=last, breaks=breaks)


async def _all(connection: asyncpg.Connection) -> AsyncIterator[asyncpg.Record]:
    after = 0
    while rows := await connection.fetch(AFTER, after, BATCH):
        for row in rows:
            yield row
        after = rows[-1]["sequence"]


def _is_whole(row: asyncpg.Record, tenancy: Tenancy) -> bool:
    if not row["is_told"] or row["epoch"] is None:
        return False
    try:
        event = read(row["body"].encode())
    except UnreadableError:
        return False
    return event.position == row["numbered"] and event.source == tenancy.source_in(row["epoch"])
