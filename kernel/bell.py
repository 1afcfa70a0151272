"""Wake those who wait for new rows, in this process at once and in others soon after."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import asyncpg

QUIET_SECONDS = 0.01
AGAIN_SECONDS = 1.0

# the last is what asyncpg says of a query on a connection that the server has just ended
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Ear:
    """Remembers a ring until it is asked, so that none is missed between a look and a wait."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def note(self) -> None:
        """Take note of a ring."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Return once it rang since the last wait, or after so many seconds; tell if it rang."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        has_rung = self._rung.is_set()
        self._rung.clear()
        return has_rung


class Bell:
    """Rings on a channel of PostgreSQL; who does not hear it must look now and then anyway.

    NOTIFY takes a lock of the whole server at commit, so that it is never rung inside a
    transaction, and at most once in QUIET_SECONDS however often it is asked to.
    """

    def __init__(self, pool: asyncpg.Pool, channel: str) -> None:
        self._pool = pool
        self._channel = channel
        self._asked = asyncio.Event()
        self._ears: set[Ear] = set()

    def ring(self) -> None:
        """Wake all who listen; call it after the commit."""
        self._wake()
        self._asked.set()

    @contextmanager
    def ear(self) -> Iterator[Ear]:
        """Listen for the length of the block."""
        ear = Ear()
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    @asynccontextmanager
    async def hung(self) -> AsyncIterator["Bell"]:
        """Connect it with the bells of other processes for the length of the block."""
        tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._listen())]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            with suppress(*LOST):  # the others look by themselves, later
                await self._pool.execute("select pg_notify($1, '')", self._channel)
            await asyncio.sleep(QUIET_SECONDS)

    async def _listen(self) -> None:
        while True:
            with suppress(*LOST):
                async with self._pool.acquire() as connection:
                    await self._listen_on(connection)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen_on(self, connection: asyncpg.pool.PoolConnectionProxy) -> None:
        lost = asyncio.Event()

        def heard(*_: object) -> None:
            self._wake()

        def note_loss(*_: object) -> None:
            lost.set()

        connection.add_termination_listener(note_loss)
        await connection.add_listener(self._channel, heard)
        try:
            await lost.wait()
        finally:
            connection.remove_termination_listener(note_loss)
            if not connection.is_closed():
                await connection.remove_listener(self._channel, heard)

    def _wake(self) -> None:
        for ear in self._ears:
            ear.note()
