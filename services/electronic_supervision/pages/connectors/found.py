"""What is known of connectors, their runs and the rows that these could not tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

PER_PAGE = 50
CONNECTORS = """
select name, source, place, is_folder, every, looked_at, looked_through, next_at, failures, code,
       message,
       coalesce((select title from city_system s where s.source = connector.source), '') as title,
       (select max(ended_at) from connector_run r
        where r.connector = name and r.code = '' and ended_at is not null) as read_at,
       (select count(*) from quarantine q
        where settled is null and q.source = connector.source and stream = 'connector') as held,
       exists (select from connector_run r where r.connector = name and ended_at is null
               and began_at > $1) as is_reading
from connector order by name
"""
RUNS = """
select number, connector, place, began_at, ended_at,
       entries, cases, new, changed, unchanged, events, bad, code, message
from connector_run where ($1 = '' or connector = $1) and number < $2
order by number desc limit $3
"""
RUN = """
select number, connector, place, began_at, ended_at,
       entries, cases, new, changed, unchanged, events, bad, code, message
from connector_run where number = $1
"""
BAD = """
select quarantine.id, line, quarantine.message, settled, noted_in,
       exists (select from docket where docket.id = noted_in) as has_case
from connector_bad join quarantine on quarantine.id = connector_bad.message
where run = $1 and (line, quarantine.id) > ($2, $3) order by line, quarantine.id limit $4
"""
STUCK_AFTER = timedelta(hours=1)
"""How long a run that never ended may be believed to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A connector as it stands; times (UTC) are None before the first, `code` is "" if all is well.

    `held` is how many of its rows wait in quarantine.
    """

    name: str
    source: str
    place: str
    is_folder: bool
    every: timedelta
    looked_at: datetime | None
    looked_through: datetime | None
    next_at: datetime | None
    failures: int
    code: str
    message: str
    title: str
    read_at: datetime | None
    held: int
    is_reading: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run: `entries` are rows, `bad` rows that could not be told, the others cases and events."""

    number: int
    connector: str
    place: str
    began_at: datetime
    ended_at: datetime | None
    entries: int
    cases: int
    new: int
    changed: int
    unchanged: int
    events: int
    bad: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A row in quarantine; `line` is 0 where no single row is to blame."""

    id: str
    line: int
    message: str
    settled: str | None
    noted_in: str
    has_case: bool


async def states(connection: asyncpg.Connection, now: datetime) -> list[State]:
    """Return all connectors by name."""
    return [State(**row) for row in await connection.fetch(CONNECTORS, now - STUCK_AFTER)]


async def runs(connection: asyncpg.Connection, connector: str, before: int) -> list[Run]:
    """Return a page of runs and one more, of one connector or ("") of all, the latest first."""
    return [Run(**row) for row in await connection.fetch(RUNS, connector, before, PER_PAGE + 1)]


async def run_of(connection: asyncpg.Connection, number: int) -> Run | None:
    """Return one run, None if there is none, or no more."""
    row = await connection.fetchrow(RUN, number)
    return None if row is None else Run(**row)


async def bad_rows(
    connection: asyncpg.Connection, run: int, after: tuple[int, str]
) -> Sequence[Bad]:
    """Return a page of the rows that a run could not tell, and one more."""
    return [Bad(**row) for row in await connection.fetch(BAD, run, *after, PER_PAGE + 1)]
