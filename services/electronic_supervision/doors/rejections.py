"""How often each partner was refused, by local day and reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

OVER_RATE = "over-rate"
"""Said on the bus beyond the agreed rate: taken all the same, since it was acknowledged."""
RATE_EXCEEDED = "rate-exceeded"

COUNT = """
insert into rejection (partner, day, code, times, last_at)
select partner, ($3::timestamptz at time zone 'Asia/Shanghai')::date, code, times, $3
from unnest($1::text[], $2::text[], $4::bigint[]) as told(partner, code, times)
order by partner, code
on conflict (partner, day, code) do update
set times = rejection.times + excluded.times,
    last_at = greatest(rejection.last_at, excluded.last_at)
"""
DAYS = 7
SINCE = """
select partner, code, sum(times)::bigint as times, max(last_at) as last_at
from rejection where day > ($1::timestamptz at time zone 'Asia/Shanghai')::date - $2::int
group by partner, code order by partner, times desc, code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejections:
    """How often a partner was refused for one reason, and when last (UTC)."""

    partner: str
    code: str
    times: int
    last_at: datetime


async def count(
    connection: asyncpg.Connection, times: Mapping[tuple[str, str], int], now: datetime
) -> None:
    """Count refusals by partner and code, as of an instant (aware)."""
    if not times:
        return
    partners, codes = [key[0] for key in times], [key[1] for key in times]
    await connection.execute(COUNT, partners, codes, now, list(times.values()))


async def since(
    connection: asyncpg.Connection, now: datetime, days: int = DAYS
) -> list[Rejections]:
    """Return what was refused on the local day of `now` and those before it, `days` in all.

    By partner, the most frequent reason first.
    """
    return [Rejections(**row) for row in await connection.fetch(SINCE, now, days)]
