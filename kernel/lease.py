"""Leases: what one process may do at a time, with an epoch that shuts out its predecessors."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

ACQUIRE = """
insert into lease as held (name, holder, epoch, expires_at)
values ($1, $2, 1, clock_timestamp() + $3)
on conflict (name) do update
set holder = $2, expires_at = clock_timestamp() + $3,
    epoch = held.epoch + (held.holder <> $2)::int
where held.holder = $2 or held.expires_at < clock_timestamp()
returning epoch
"""
# for share: nobody takes the lease over until the transaction that relies on it has ended
CHECK = "select 1 from lease where name = $1 and holder = $2 and epoch = $3 for share"
RELEASE = "update lease set expires_at = '-infinity' where name = $1 and holder = $2 and epoch = $3"

TTL = timedelta(seconds=5)


class LeaseLostError(Exception):
    """Somebody else holds the lease by now; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A right held since it changed hands for the `epoch`-th time."""

    name: str
    holder: str
    epoch: int


async def acquire(
    connection: asyncpg.Connection, name: str, holder: str, ttl: timedelta = TTL
) -> Lease | None:
    """Take or prolong a lease; None while another holds it. Time is the database's own.

    `holder` names one process, and no other ever again.
    """
    epoch = await connection.fetchval(ACQUIRE, name, holder, ttl)
    return None if epoch is None else Lease(name=name, holder=holder, epoch=epoch)


async def check(connection: asyncpg.Connection, lease: Lease) -> None:
    """Make sure, until the end of the transaction, that the lease is still ours.

    An expired lease that nobody took is. Raises LeaseLostError.
    """
    if await connection.fetchval(CHECK, lease.name, lease.holder, lease.epoch) is None:
        raise LeaseLostError(lease.name)


async def release(connection: asyncpg.Connection, lease: Lease) -> None:
    """Give a lease back, so that the next one need not wait for it to expire."""
    await connection.execute(RELEASE, lease.name, lease.holder, lease.epoch)
