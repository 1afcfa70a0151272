"""What the front page counts: cases in hand, today and of late, what falls due, who has cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.electronic_supervision.pages.wall.alerts import Alert
from services.electronic_supervision.reading.scope import Scope

MOST_UNITS = 8
NEWEST = 10
OPEN = ("", False, "")
"""Alerts of every source against open cases."""

CASES = """
select (select count(*) from {dockets} where not is_ended and accepted_at is not null) as in_hand,
       (select count(*) from {dockets} where not is_ended and due_at <= $2) as overdue,
       (select count(*) from {dockets} where accepted_at >= $3 and accepted_at < $4) as accepted
"""
ENDED = """
select count(*) filter (where ended_at >= $2) as ended,
       count(*) filter (where ended_at >= $2 and is_late) as late,
       count(is_late) as judged,
       count(*) filter (where not is_late) as on_time
from {dockets} where ended_at >= $4 and ended_at < $3
"""
# a limit in days ends at 24:00 of its last day, which is 0:00 of the next
DUE = """
select width_bucket(due_at - interval '1 microsecond', $2::timestamptz[]) as day, count(*) as count
from {dockets} where not is_ended and due_at > $3 and due_at <= $4 group by day
"""
UNITS = """
select unit, min(unit_name) as name, count(*) filter (where level = 'red') as red,
       count(*) filter (where level = 'yellow') as yellow
from {alerts} where level in ('red', 'yellow')
group by unit order by count(*) desc, red desc, unit limit $5
"""
LATEST = """
select id, source, number, item, is_ended, ended_at, is_provisional, measure, unit, unit_name,
       clock, level, withheld, hidden, due_at, fired_at, raised_at, is_registered, rule, message,
       closed_unit.code is not null as is_closed, closed_unit.successor
from (select * from {alerts} order by raised_at desc, id limit $5) latest
left join closed_unit on closed_unit.code = latest.unit order by raised_at desc, id
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
PROVISIONAL = "select count(*) from {dockets} where not is_ended and is_provisional"


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


async def cases(connection: asyncpg.Connection, scope: Scope, span: Span) -> Cases:
    """Count cases; those whose limit is unknown are left out of `judged`."""
    codes, (today, tomorrow) = scope.codes, (span.today, span.tomorrow)
    now = await connection.fetchrow(scope.over(CASES), codes, span.now, today, tomorrow)
    ended = await connection.fetchrow(scope.over(ENDED), codes, today, tomorrow, span.since)
    return Cases(**{**dict(now or {}), **dict(ended or {})})


async def falling_due(
    connection: asyncpg.Connection, scope: Scope, now: datetime, ends: Sequence[datetime]
) -> Sequence[int]:
    """Count the open cases that fall due up to each of some instants (UTC), after the one before.

    The first counts from `now` on.
    """
    rows = await connection.fetch(scope.over(DUE), scope.codes, list(ends), now, ends[-1])
    found = {row["day"]: row["count"] for row in rows}
    return [found.get(place, 0) for place in range(len(ends))]


async def units(connection: asyncpg.Connection, scope: Scope) -> Sequence[Unit]:
    """Return the units with most open cards."""
    rows = await connection.fetch(scope.over_alerts(UNITS), scope.codes, *OPEN, MOST_UNITS)
    return [
        Unit(code=row["unit"], name=row["name"], red=row["red"], yellow=row["yellow"])
        for row in rows
    ]


async def latest(connection: asyncpg.Connection, scope: Scope) -> Sequence[Alert]:
    """Return the alerts raised last that stand against open cases."""
    return [
        Alert(**row)
        for row in await connection.fetch(scope.over_alerts(LATEST), scope.codes, *OPEN, NEWEST)
    ]


async def judged_through(connection: asyncpg.Connection, stream: str) -> datetime | None:
    """Return until when everything was judged, None if a stream was never heard to its end."""
    through: datetime | None = await connection.fetchval(JUDGED, stream)
    return through


async def provisional(connection: asyncpg.Connection, scope: Scope) -> int:
    """Count the open cases whose end waits for a notice."""
    found: int = await connection.fetchval(scope.over(PROVISIONAL), scope.codes)
    return found


async def count(connection: asyncpg.Connection, query: str) -> int:
    """Return what a query counts in the whole city, for those who look after the sources."""
    found: int = await connection.fetchval(query)
    return found
