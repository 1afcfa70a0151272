"""Messages that could not be read: kept with the reason, shown, tried again or discarded."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg

from kernel.intake.heard import Message

LONGEST_ID = 200
KEEP = timedelta(days=30)
"""How long the bytes of a message are kept for people to look at."""

PUT = """
insert into quarantine (
    id, stream, subject, source, noted_in, event_id, raw,
    code, field, message, received_at, expires_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (id) do update set times = quarantine.times + 1,
    -- what comes again after it had expired can be looked at again
    expires_at = case when quarantine.raw is null then excluded.expires_at
                 else quarantine.expires_at end,
    raw = case when quarantine.settled is null then excluded.raw end
returning times = 1
"""
ONE = """
select id, stream, subject, source, noted_in, event_id, raw,
       code, field, message, received_at, times, settled
from quarantine where id = $1
"""
LOCKED = f"{ONE} for update"
OPEN = """
select id, stream, subject, source, noted_in, event_id, null::bytea as raw,
       code, field, message, received_at, times, settled
from quarantine where settled is null and (received_at, id) > ($1, $2)
order by received_at, id limit $3
"""
ANSWERED = """
select id, stream, subject, source, noted_in, event_id, null::bytea as raw,
       code, field, message, received_at, times, settled
from quarantine
join unnest($1::text[], $2::text[]) as told(source, event_id) using (source, event_id)
where settled is null and code <> 'id-reused'
and exists (select from seen where (seen.source, seen.id) = (told.source, told.event_id))
order by id for update of quarantine
"""
EXPLAIN = """
update quarantine set code = $2, field = $3, message = $4, source = $5, noted_in = $6
where id = $1
"""
SETTLE = "update quarantine set settled = $2, settled_at = $3, raw = null where id = any($1)"
EXPIRE = "update quarantine set raw = null where raw is not null and expires_at < $1"
COUNT = "select count(*) from quarantine where settled is null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Why a message is no event: a stable code, the path of the field, and words."""

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message in quarantine; `raw` is None once it has expired or was settled.

    `noted_in` is the stream of the record that tells of it.
    """

    id: str
    stream: str
    subject: str
    source: str
    noted_in: str
    event_id: str | None
    raw: bytes | None
    code: str
    field: str
    message: str
    received_at: datetime
    times: int
    settled: str | None


def name_of(message: Message) -> str:
    """Name a message in quarantine; told again word for word, it is the same one."""
    return sha256(f"{message.stream}\n{message.subject}\n".encode() + message.data).hexdigest()[:32]


async def put(
    connection: asyncpg.Connection,
    message: Message,
    why: Unreadable,
    *,
    source: str,
    noted_in: str,
    now: datetime,
) -> bool:
    """Keep a message, and tell whether it is the first time that it is put here.

    One that was settled before stays so: it is only counted.
    """
    return bool(
        await connection.fetchval(
            PUT,
            name_of(message),
            *(message.stream, storable(message.subject), source, noted_in),
            *(event_id_in(message.data), message.data),
            *(why.code, why.field, why.message, now, now + KEEP),
        )
    )


def event_id_in(raw: bytes) -> str | None:
    """Return the id that an event out of shape gives itself, if it can be made out."""
    try:
        id_ = json.loads(raw).get("id")
    except (ValueError, AttributeError, RecursionError):
        return None
    return id_ if isinstance(id_, str) and _is_id(id_) else None


def _is_id(text: str) -> bool:
    return len(text) <= LONGEST_ID and storable(text) == text


def storable(text: str) -> str:
    """Return text with a mark in place of each character that PostgreSQL cannot keep."""
    # a lone surrogate, which JSON can spell, has no bytes at all
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


async def look_at(connection: asyncpg.Connection, name: str) -> Held | None:
    """Return one message, None if there is none."""
    row = await connection.fetchrow(ONE, name)
    return None if row is None else Held(**row)


async def take_out(connection: asyncpg.Connection, name: str) -> Held | None:
    """Return one message, locked until the end of the transaction, None if there is none."""
    row = await connection.fetchrow(LOCKED, name)
    return None if row is None else Held(**row)


async def explain(
    connection: asyncpg.Connection, name: str, why: Unreadable, *, source: str, noted_in: str
) -> None:
    """Keep what is known by now of a message that still cannot be read."""
    await connection.execute(EXPLAIN, name, why.code, why.field, why.message, source, noted_in)


async def answered(connection: asyncpg.Connection, told: Sequence[tuple[str, str]]) -> list[Held]:
    """Return the open messages of events (source, id) that their source has said readably too.

    In which order does not matter. Not those that used an id again: nobody said them otherwise.
    """
    if not await connection.fetchval("select 1 from quarantine where settled is null limit 1"):
        return []
    keys = set(told)
    sources, ids = [key[0] for key in keys], [key[1] for key in keys]
    return [Held(**row) for row in await connection.fetch(ANSWERED, sources, ids)]


async def settle(
    connection: asyncpg.Connection, names: Sequence[str], how: str, now: datetime
) -> None:
    """Note that messages were `released` or `discarded`; what they said is kept no longer."""
    await connection.execute(SETTLE, list(names), how, now)


async def open_ones(
    connection: asyncpg.Connection, after: tuple[datetime, str], limit: int
) -> list[Held]:
    """Return messages that wait for a decision, oldest first, without their bytes."""
    return [Held(**row) for row in await connection.fetch(OPEN, *after, limit)]


async def expire(connection: asyncpg.Connection, now: datetime) -> None:
    """Forget the bytes of messages kept long enough; that they came stays known."""
    await connection.execute(EXPIRE, now)


async def depth(connection: asyncpg.Connection) -> int:
    """Return how many messages wait for a decision."""
    count: int = await connection.fetchval(COUNT)
    return count
