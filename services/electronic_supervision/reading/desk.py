"""What the routes of electronic supervision work with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kernel.bell import Bell
from kernel.database import borrowed
from services.electronic_supervision.loop.court import Court
from services.electronic_supervision.loop.law import take_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The record, the court that judges by it, and the bell to ring when facts come in.

    `now` is the time by which facts are noted, `clock` the one by which they are shown.
    """

    pool: asyncpg.Pool
    court: Court
    facts: Bell
    clock: Callable[[], datetime]
    now: Callable[[asyncpg.Connection], Awaitable[datetime]]

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection to somebody who keeps his own transactions."""
        async with borrowed(self.pool) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection in a transaction."""
        async with self.lent() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection in a transaction that sees one state of the record; the law is new."""
        async with self.lent() as connection:
            await take_up(connection, self.court)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                yield connection
