"""What is kept of the work of connectors: their state, their runs, the files they have read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.electronic_supervision.connect.connector import Connector, Folder

KEPT = 500
SHOWN_BAD = 1000
INTERRUPTED = "interrupted"

CONFIGURED = """
insert into connector (name, source, place, is_folder, every) values ($1, $2, $3, $4, $5)
on conflict (name) do update
set source = excluded.source, place = excluded.place, is_folder = excluded.is_folder,
    every = excluded.every,
    looked_through = case when (connector.source, connector.place, connector.is_folder)
        = (excluded.source, excluded.place, excluded.is_folder) then connector.looked_through end
"""
FORGOTTEN = "delete from connector where not name = any($1)"
LOOKED = """
update connector set looked_at = $2, next_at = $3, code = $4, message = $5,
    failures = case when $4 = '' then 0 else failures + 1 end,
    looked_through = coalesce($6, looked_through)
where name = $1 returning failures
"""
NEXT = "update connector set next_at = $2 where name = $1"
BEGAN = (
    "insert into connector_run (connector, place, began_at) values ($1, $2, $3) returning number"
)
CUT_OFF = """
update connector_run set ended_at = $2, code = $3
where connector = $1 and ended_at is null
"""
PRUNE = """
delete from connector_run where connector = $1 and number <= (
    select number from connector_run where connector = $1 order by number desc offset $2 limit 1
)
"""
COUNTED = """
update connector_run
set cases = cases + $2, new = new + $3, changed = changed + $4, unchanged = unchanged + $5,
    events = events + $6, bad = bad + $7
where number = $1
"""
ENTRIES = "update connector_run set entries = $2 where number = $1"
ENDED = "update connector_run set ended_at = $2, code = $3, message = $4 where number = $1"
BAD = """
insert into connector_bad (run, message, line)
select $1, message, line from unnest($2::text[], $3::int[]) as told(message, line)
where (select count(*) from connector_bad where run = $1) < $4
on conflict do nothing
"""
# said again after another file, the same content is news; a file that lies there still is none
READ = """
select exists (
    select from connector_file where connector = $1 and digest = $2
    and (changed_at = $3 or changed_at = 0 and extract(epoch from read_at) * 1000000000 >= $3)
) or coalesce((
    select digest = $2 from connector_file where connector = $1 order by number desc limit 1
), false)
"""
NOTE_READ = """
insert into connector_file (connector, digest, name, read_at, changed_at, code)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing
"""
UNREAD = """
select name from (
    select name, code from connector_file where connector = $1 order by number desc limit 1
) last where code <> ''
"""
MARK = """
select mark from connector where name = $1 and marked_by = $2 and all_at > $3
"""
SET_MARK = """
update connector set mark = $2, marked_by = $3, all_at = case when $4 then $5 else all_at end
where name = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of some cases of a run."""

    cases: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    events: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What stands in the way of a connector or a run: a stable code, and words; "" for nothing."""

    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A dropped file: `digest` is of its content and the map, `changed_at` as the folder says."""

    name: str
    digest: bytes
    changed_at: int


async def configure(connection: asyncpg.Connection, connectors: Sequence[Connector]) -> None:
    """Note which connectors there are."""
    async with connection.transaction():
        await connection.execute(FORGOTTEN, [each.name for each in connectors])
        for each in connectors:
            is_folder = isinstance(each.place, Folder)
            await connection.execute(
                CONFIGURED, each.name, each.source, each.where, is_folder, each.place.every
            )


async def looked(
    connection: asyncpg.Connection,
    name: str,
    now: datetime,
    next_in: timedelta,
    trouble: Trouble,
    through: datetime | None = None,
) -> int:
    """Note that a connector has looked, and what was in its way; return how often in a row.

    `through` (UTC) is when the look began, None unless it was whole and succeeded.
    """
    told = (trouble.code, trouble.message, through)
    failures: int | None = await connection.fetchval(LOOKED, name, now, now + next_in, *told)
    return failures or 0


async def begin(connection: asyncpg.Connection, name: str, place: str, now: datetime) -> int:
    """Note that a run has begun; one that never ended was cut off. Returns its number."""
    async with connection.transaction():
        await connection.execute(CUT_OFF, name, now, INTERRUPTED)
        await connection.execute(PRUNE, name, KEPT)
        number: int = await connection.fetchval(BEGAN, name, place[:300], now)
        return number


async def counted(
    connection: asyncpg.Connection, run: int, counts: Counts, bad: Mapping[str, int]
) -> None:
    """Add to what a run has done; `bad` are messages in quarantine with the lines of their rows."""
    await connection.execute(
        COUNTED,
        *(run, counts.cases, counts.new, counts.changed),
        *(counts.unchanged, counts.events, counts.bad),
    )
    if bad:
        await connection.execute(BAD, run, list(bad), list(bad.values()), SHOWN_BAD)


async def ended(connection: asyncpg.Connection, run: int, now: datetime, trouble: Trouble) -> None:
    """Note that a run has ended."""
    await connection.execute(ENDED, run, now, trouble.code, trouble.message)


async def was_read(connection: asyncpg.Connection, name: str, file: File) -> bool:
    """Tell whether a connector has read a file before, or one like it last."""
    return bool(await connection.fetchval(READ, name, file.digest, file.changed_at))


async def note_read(
    connection: asyncpg.Connection, name: str, file: File, now: datetime, code: str = ""
) -> None:
    """Note that a connector has read a file to its end, or (`code`) why it can't be read at all."""
    about = (file.digest, file.name[:300], now, file.changed_at, code)
    await connection.execute(NOTE_READ, name, *about)


async def unread_file(connection: asyncpg.Connection, name: str) -> str:
    """Return the name of the last file of a connector if it could not be read, else ""."""
    found: str | None = await connection.fetchval(UNREAD, name)
    return found or ""


async def mark_of(connection: asyncpg.Connection, connector: Connector, all_since: datetime) -> str:
    """Return how far the rows of a view are known; "" if all have to be read."""
    found = await connection.fetchval(MARK, connector.name, connector.fingerprint, all_since)
    return found or ""


async def set_mark(
    connection: asyncpg.Connection, connector: Connector, mark: str, now: datetime, *, all_: bool
) -> None:
    """Note how far the rows of a view are known; `all_` if all of them were read."""
    await connection.execute(SET_MARK, connector.name, mark, connector.fingerprint, all_, now)
