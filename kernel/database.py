"""The connections of a service to its schema."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar, cast

import asyncpg

T = TypeVar("T")
AGAIN_SECONDS = 1.0

FROZEN = "10s"
"""How long a transaction may do nothing: its process is stopped, or cut off from the database."""


async def open_pool(url: str, schema: str, *, size: int = 10) -> asyncpg.Pool:
    """Return a pool of at most `size` connections whose search path is the service's schema."""
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        server_settings={
            "search_path": schema,
            "application_name": f"xiaoneng {schema}",
            # or it would keep the lock of the record, and everybody waiting, until it wakes
            "idle_in_transaction_session_timeout": FROZEN,
        },
        reset=_as_it_is,
    )


async def _as_it_is(_: object) -> None:
    """Take a connection back without a round trip: nobody here sets anything for a session."""


@asynccontextmanager
async def borrowed(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """Take a connection from the pool for the length of the block."""
    async with pool.acquire() as connection:
        # the pool lends a proxy that does all a connection does, though its type does not say so
        yield cast("asyncpg.Connection", connection)


async def patiently(pool: asyncpg.Pool, ask: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """Ask the database once it is there: what begins its work must not end because it is away."""
    while True:
        try:
            async with borrowed(pool) as connection:
                return await ask(connection)
        except Exception as error:
            if not is_transient(error):
                raise
        await asyncio.sleep(AGAIN_SECONDS)


async def instant(connection: asyncpg.Connection) -> datetime:
    """Return the time (UTC) by the clock of the database, the only one that all processes share."""
    now: datetime = await connection.fetchval("select clock_timestamp()")
    return now


def is_transient(error: Exception) -> bool:
    """Tell whether the same thing may go well a moment later: the database was away, or busy."""
    if isinstance(error, asyncpg.DataError):  # an InterfaceError too, but the same every time
        return False
    return isinstance(
        error,
        (
            OSError,
            TimeoutError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,  # a query on a connection that the server has just ended
            asyncpg.PostgresConnectionError,
            asyncpg.OperatorInterventionError,
            asyncpg.IdleInTransactionSessionTimeoutError,
            asyncpg.InsufficientResourcesError,
            asyncpg.TransactionRollbackError,
        ),
    )
