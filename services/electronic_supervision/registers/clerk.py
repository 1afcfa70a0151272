"""What the routes of the registers work with."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import asyncpg

from kernel.access.principal import Caller
from kernel.database import borrowed
from kernel.document.outcome import Preview
from services.electronic_supervision.registers.document.importing import IMPORTER
from services.electronic_supervision.registers.keep import carry_out
from services.electronic_supervision.registers.problems import answered
from services.electronic_supervision.registers.store import Command

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """The record and the clock."""

    pool: asyncpg.Pool
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.clock().astimezone(ZONE).date()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection in a transaction that sees one state of the registers."""
        async with (
            borrowed(self.pool) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    async def carry_out(self, command: Command, caller: Caller, key: str | None = None) -> bool:
        """Carry out a command of a caller, and tell whether anything happened.

        Raises ProblemError.
        """
        async with borrowed(self.pool) as connection:
            with answered():
                happened = await carry_out(
                    connection, command, now=self.clock(), acting=caller.acting(), key=key
                )
        return bool(happened)

    async def preview(self, content: bytes, caller: Caller) -> Preview:
        """Return what would become of a document. Raises ProblemError."""
        async with borrowed(self.pool) as connection:
            with answered():
                return await IMPORTER.preview(
                    connection, content, now=self.clock(), acting=caller.acting()
                )

    async def take_in(self, content: bytes, digest: str, caller: Caller) -> Preview:
        """Import what was previewed under a digest, all of it or nothing. Raises ProblemError."""
        async with borrowed(self.pool) as connection:
            with answered():
                return await IMPORTER.take_in(
                    connection, content, digest, now=self.clock(), acting=caller.acting()
                )
