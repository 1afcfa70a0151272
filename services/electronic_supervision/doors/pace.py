"""How fast a partner reports: a minute's worth at once, and then as much as its rate allows.

The count leaks at the agreed rate (GCRA): one instant for each partner and door says it all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import asyncpg

MINUTE = timedelta(minutes=1)
ENTER = """
insert into pace (partner, door, full_at) values ($1, 'http', $2::timestamptz + $3::interval)
on conflict (partner, door) do update set full_at = greatest(pace.full_at, $2) + $3
where greatest(pace.full_at, $2) + $3 <= $2 + interval '1 minute'
returning full_at
"""
FULL = "select full_at from pace where partner = $1 and door = 'http'"
HEARD = """
insert into pace (partner, door, full_at) select unnest($1::text[]), 'bus', '-infinity'
on conflict (partner, door) do update set full_at = pace.full_at
returning partner, nullif(full_at, '-infinity') as full_at
"""
NOTE = """
update pace set full_at = told.full_at
from unnest($1::text[], $2::timestamptz[]) as told(partner, full_at)
where pace.partner = told.partner and door = 'bus'
"""


async def wait_of(
    connection: asyncpg.Connection, partner: str, rate: int, number: int, now: datetime
) -> timedelta | None:
    """Let in so many events over HTTP, or return how long to wait before they may come.

    `number` is `rate` (events a minute) at most. All processes share the count.
    """
    span = MINUTE / rate * number
    if await connection.fetchval(ENTER, partner, now, span) is not None:
        return None
    full_at: datetime = await connection.fetchval(FULL, partner) or now
    return max(full_at + span - now - MINUTE, timedelta(seconds=1))


async def over_rate(
    connection: asyncpg.Connection, said: Mapping[str, Sequence[datetime]], rates: Mapping[str, int]
) -> Mapping[str, int]:
    """Count what was said on the bus beyond the rates (events a minute), by partner.

    `said` are the instants at which the bus got each event, in order. Part of their transaction.
    """
    names = sorted(said)
    if not names:
        return {}
    rows = await connection.fetch(HEARD, names)
    full: dict[str, datetime | None] = {row["partner"]: row["full_at"] for row in rows}
    over: dict[str, int] = {}
    for name in names:
        full[name], over[name] = beyond(full[name], said[name], rates[name])
    await connection.execute(NOTE, names, [full[name] for name in names])
    return {name: number for name, number in over.items() if number}


def beyond(
    full_at: datetime | None, said: Sequence[datetime], rate: int
) -> tuple[datetime | None, int]:
    """Return until when the rate is used up after events at these instants, and how many were over.

    What is over uses up nothing, as if it had been refused.
    """
    span, over = MINUTE / rate, 0
    for at in said:
        next_at = max(full_at or at, at) + span
        if next_at - at > MINUTE:
            over += 1
        else:
            full_at = next_at
    return full_at, over
