"""Who has signed in with a browser: random ids, of which only the digest is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg

LONGEST_AGENT = 200

OPEN = """
insert into session (digest, account, opened_at, seen_at, address, agent, how)
values ($1, $2, $3, $3, $4, $5, $6)
"""
OF_ACCOUNT = """
select digest, opened_at, seen_at, address, agent from session
where account = $1 and opened_at > $2 and seen_at > $3 order by seen_at desc
"""
OPEN_STILL = "select from session where digest = $1 and account = $2 for update"
END = "delete from session where digest = $1 returning account"
END_ALL = "delete from session where account = $1"
END_ONE = "delete from session where account = $1 and digest = $2"
FORGET = "delete from session where opened_at <= $1 or seen_at <= $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A session ends after `idle` without a request, and `longest` after it began anyway."""

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session that has not ended; times are UTC, `agent` is what the browser calls itself."""

    digest: bytes
    opened_at: datetime
    seen_at: datetime
    address: str
    agent: str


async def open_session(
    connection: asyncpg.Connection,
    account: str,
    *,
    now: datetime,
    address: str,
    agent: str,
    how: str = "password",
) -> str:
    """Return what the cookie of a new session holds: 256 random bits, told nowhere else.

    `how` its holder showed who he is: by `password` or `oidc`.
    """
    secret = secrets.token_urlsafe(32)
    digest = sha256(secret.encode()).digest()
    shown = "".join(each for each in agent if each.isprintable())[:LONGEST_AGENT]
    await connection.execute(OPEN, digest, account, now, address, shown, how)
    return secret


async def sessions(
    connection: asyncpg.Connection, account: str, *, now: datetime, limits: Limits
) -> list[SessionRow]:
    """Return the sessions of an account, the one seen last first."""
    rows = await connection.fetch(OF_ACCOUNT, account, now - limits.longest, now - limits.idle)
    return [SessionRow(**row) for row in rows]


async def is_open_still(connection: asyncpg.Connection, digest: bytes, account: str) -> bool:
    """Tell whether nobody has ended a session; then nobody does before the transaction ends."""
    return bool(await connection.fetch(OPEN_STILL, digest, account))


async def end(connection: asyncpg.Connection, digest: bytes) -> str | None:
    """End a session, and return whose it was; None if there is none."""
    ended: str | None = await connection.fetchval(END, digest)
    return ended


async def end_all(connection: asyncpg.Connection, account: str) -> None:
    """End all sessions of an account."""
    await connection.execute(END_ALL, account)


async def forget(connection: asyncpg.Connection, *, now: datetime, limits: Limits) -> None:
    """Delete the sessions that have ended by themselves."""
    await connection.execute(FORGET, now - limits.longest, now - limits.idle)
