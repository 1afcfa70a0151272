"""What the routes of evaluation work with."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from kernel.access.principal import Caller
from kernel.bell import Bell
from kernel.database import borrowed
from kernel.document.outcome import Preview
from services.evaluation.document.importing import IMPORTER
from services.evaluation.exported import note_export
from services.evaluation.problems import answered
from services.evaluation.reading.day import local_day
from services.evaluation.register import carry_out
from services.evaluation.store import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The record, the bell to ring when something was said, and the clock."""

    pool: asyncpg.Pool
    said: Bell
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        """Return the local day."""
        return local_day(self.clock())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection in a transaction that sees one state of the register."""
        async with (
            borrowed(self.pool) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    async def note_export(self, kind: str, caller: Caller) -> None:
        """Record that a caller takes the whole register away, before it begins."""
        async with borrowed(self.pool) as connection:
            await note_export(connection, kind, now=self.clock(), by=caller.acting())

    async def carry_out(self, command: Command, caller: Caller, key: str | None = None) -> bool:
        """Carry out a command of a caller, and tell whether anything happened.

        Raises ProblemError.
        """
        async with borrowed(self.pool) as connection:
            with answered():
                happened = await carry_out(
                    connection, command, now=self.clock(), acting=caller.acting(), key=key
                )
        if happened:
            self.said.ring()
        return bool(happened)

    async def preview(self, content: bytes, caller: Caller) -> Preview:
        """Return what would become of a document. Raises ProblemError."""
        async with borrowed(self.pool) as connection:
            with answered():
                return await IMPORTER.preview(
                    connection, content, now=self.clock(), acting=caller.acting()
                )

    async def import_document(self, content: bytes, digest: str, caller: Caller) -> Preview:
        """Import what was previewed under a digest, all of it or nothing. Raises ProblemError."""
        async with borrowed(self.pool) as connection:
            with answered():
                told = await IMPORTER.take_in(
                    connection, content, digest, now=self.clock(), acting=caller.acting()
                )
        if not told.is_idle:
            self.said.ring()
        return told
