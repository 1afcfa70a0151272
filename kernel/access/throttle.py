"""Guessing made slow: after some failures each further one makes the next wait longer.

Counted in the database, so that several processes agree, and before the password is looked at, so
that a thousand guesses at once are no more than one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg

TRY = """
insert into failure as f (who, times, last_at, wait_until) values ($1, 1, $2::timestamptz, $2)
on conflict (who) do update set
    times = case when f.last_at < $2 - $3::interval then 1 else f.times + 1 end,
    last_at = $2,
    wait_until = $2 + case
        when f.last_at < $2 - $3::interval or f.times + 1 < $4::int then interval '0'
        else least($5::interval, $6::interval * power(2, least(f.times + 1 - $4::int, 30))) end
where f.wait_until <= $2
returning times
"""
UNTIL = "select wait_until from failure where who = $1"
TAKE_BACK = "update failure set times = times - 1, wait_until = last_at where who = $1"
FORGIVE = "delete from failure where who = $1"
# skips who is being counted: waiting here could be waiting for each other
FORGET = """
delete from failure where who in (
    select who from failure where last_at < $1 for update skip locked
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """After `free` failures the next must wait `first`, then twice as long each time to `longest`.

    All is forgotten after `memory` without a failure.
    """

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta = timedelta(hours=24)


WITH_ACCOUNT = Patience(free=5, first=timedelta(seconds=2), longest=timedelta(minutes=15))
WITH_ADDRESS = Patience(free=20, first=timedelta(seconds=2), longest=timedelta(minutes=5))
"""Whole offices share an address."""

WITH_NOBODY = Patience(free=100, first=timedelta(seconds=1), longest=timedelta(minutes=1))
"""How many failures of accounts that do not exist are worth a line of the record."""

NOBODY = sha256(b"nobody").digest()
"""Under what those count."""


def account_key(name: str) -> bytes:
    """Return under what the failures of an account count, one that does not exist too."""
    return sha256(f"account\n{name}".encode()).digest()


def address_key(address: str) -> bytes:
    """Return under what the failures of an address count."""
    return sha256(f"address\n{address}".encode()).digest()


async def wait(
    connection: asyncpg.Connection, who: bytes, patience: Patience, now: datetime
) -> timedelta:
    """Count an attempt as failed before it is made; return how long it has to wait, if at all.

    One that has to wait does not count. `forgive` and `take_back` are
    for what succeeded.
    """
    row = (who, now, patience.memory, patience.free, patience.longest, patience.first)
    if await connection.fetchval(TRY, *row) is not None:
        return timedelta()
    until: datetime | None = await connection.fetchval(UNTIL, who)
    return timedelta() if until is None else max(until - now, timedelta(seconds=1))


async def wait_for_all(
    connection: asyncpg.Connection, asked: Sequence[tuple[bytes, Patience]], now: datetime
) -> timedelta:
    """Count an attempt under each of these, or under none if one has to wait; return how long."""
    try:
        async with connection.transaction():
            for who, patience in asked:
                await _count(connection, who, patience, now)
    except _MustWaitError as told:
        return told.pause
    return timedelta()


async def forgive(connection: asyncpg.Connection, who: bytes) -> None:
    """Forget the failures of somebody who has shown that he is who he is."""
    await connection.execute(FORGIVE, who)


async def take_back(connection: asyncpg.Connection, who: bytes) -> None:
    """Do not count an attempt that succeeded, but the failures before it."""
    await connection.execute(TAKE_BACK, who)


async def forget(connection: asyncpg.Connection, now: datetime) -> None:
    """Forget what is too old to count."""
    longest = max(WITH_ACCOUNT.memory, WITH_ADDRESS.memory)
    await connection.execute(FORGET, now - longest)


async def _count(
    connection: asyncpg.Connection, who: bytes, patience: Patience, now: datetime
) -> None:
    if pause := await wait(connection, who, patience, now):
        raise _MustWaitError(pause)


class _MustWaitError(Exception):
    """Undoes what an attempt that has to wait was counted under before."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(pause)
        self.pause = pause
