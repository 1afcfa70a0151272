"""What the front page counts: cases in hand, today and of late, what falls due, who has cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.electronic_supervision.pages.wall.alerts import Alert

MOST_UNITS = 8
NEWEST = 10

CASES = """
select (select count(*) from docket where not is_ended and accepted_at is not null) as in_hand,
       (select count(*) from docket where not is_ended and due_at <= $1) as overdue,
       (select count(*) from docket where accepted_at >= $2 and accepted_at < $3) as accepted
"""
ENDED = """
select count(*) filter (where ended_at >= $1) as ended,
       count(*) filter (where ended_at >= $1 and is_late) as late,
       count(is_late) as judged,
       count(*) filter (where not is_late) as on_time
from docket where ended_at >= $3 and ended_at < $2
"""
# a limit in days ends at 24:00 of its last day, which is 0:00 of the next
DUE = """
select width_bucket(due_at - interval '1 microsecond', $1::timestamptz[]) as day, count(*) as count
from docket where not is_ended and due_at > $2 and due_at <= $3 group by day
"""
UNITS = """
select unit, min(unit_name) as name, count(*) filter (where level = 'red') as red,
       count(*) filter (where level = 'yellow') as yellow
from shown where not is_ended and level in ('red', 'yellow')
group by unit order by count(*) desc, red desc, unit limit $1
"""
LATEST = """
select id, source, number, item, is_ended, ended_at, is_provisional, measure, unit, unit_name,
       clock, level, withheld, hidden, due_at, fired_at, raised_at
from shown where not is_ended order by raised_at desc, id limit $1
"""
# what waits to be judged was not judged beyond the instant it waits for
JUDGED = """
select least(heard_through, (
    select min(oldest.next_at) from partition, lateral (
        select min(next_at) as next_at from docket where partition_of(id) = partition.number
    ) oldest
)) from checkpoint where stream = $1 and heard_through is not null
"""
STUCK = "select count(*) from docket where is_stuck"
UNCLAIMED = """
select count(*) from quarantine
where settled is null and not exists (select from city_system s where s.source = quarantine.source)
"""
PROVISIONAL = "select count(*) from docket where not is_ended and is_provisional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The instants (UTC) between which to count: now, today's bounds, and the first of late."""

    now: datetime
    today: datetime
    tomorrow: datetime
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Cases in hand, and of those the overdue; of today; `on_time` of all `judged` of late."""

    in_hand: int
    overdue: int
    accepted: int
    ended: int
    late: int
    judged: int
    on_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit and how many cards stand against its open cases."""

    code: str
    name: str
    red: int
    yellow: int


async def cases(connection: asyncpg.Connection, span: Span) -> Cases:
    """Count cases; those whose limit is unknown are left out of `judged`."""
    now = await connection.fetchrow(CASES, span.now, span.today, span.tomorrow)
    ended = await connection.fetchrow(ENDED, span.today, span.tomorrow, span.since)
    return Cases(**{**dict(now or {}), **dict(ended or {})})


async def falling_due(
    connection: asyncpg.Connection, now: datetime, ends: Sequence[datetime]
) -> Sequence[int]:
    """Count the open cases that fall due up to each of some instants (UTC), after the one before.

    The first counts from `now` on.
    """
    rows = await connection.fetch(DUE, list(ends), now, ends[-1])
    found = {row["day"]: row["count"] for row in rows}
    return [found.get(place, 0) for place in range(len(ends))]


async def units(connection: asyncpg.Connection) -> Sequence[Unit]:
    """Return the units with most open cards."""
    rows = await connection.fetch(UNITS, MOST_UNITS)
    return [
        Unit(code=row["unit"], name=row["name"], red=row["red"], yellow=row["yellow"])
        for row in rows
    ]


async def latest(connection: asyncpg.Connection) -> Sequence[Alert]:
    """Return the alerts raised last that stand against open cases."""
    return [Alert(**row) for row in await connection.fetch(LATEST, NEWEST)]


async def judged_through(connection: asyncpg.Connection, stream: str) -> datetime | None:
    """Return until when everything was judged, None if a stream was never heard to its end."""
    through: datetime | None = await connection.fetchval(JUDGED, stream)
    return through


async def count(connection: asyncpg.Connection, query: str) -> int:
    """Return what a query counts."""
    found: int = await connection.fetchval(query)
    return found
