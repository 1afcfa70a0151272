"""What the routes of the catalogue work with."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import asyncpg

from kernel.access.principal import Caller
from kernel.bell import Bell
from kernel.database import borrowed
from kernel.document.outcome import Preview
from services.electronic_supervision.catalogue.document.importing import importer
from services.electronic_supervision.catalogue.keep import carry_out
from services.electronic_supervision.catalogue.refusals import answered
from services.electronic_supervision.domain.catalogue.item_acts import Command

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDesk:
    """The record, the clock, and the bell to ring, if there is one, when something was said."""

    pool: asyncpg.Pool
    clock: Callable[[], datetime]
    said: Bell | None = None

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.clock().astimezone(ZONE).date()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection in a transaction that sees one state of the catalogue."""
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
        self._ring(is_needed=bool(happened))
        return bool(happened)

    async def preview(self, content: bytes, caller: Caller) -> Preview:
        """Return what would become of a document. Raises ProblemError."""
        async with borrowed(self.pool) as connection:
            with answered():
                return await importer(self.today).preview(
                    connection, content, now=self.clock(), acting=caller.acting()
                )

    async def import_document(self, content: bytes, digest: str, caller: Caller) -> Preview:
        """Import what was previewed under a digest, all of it or nothing. Raises ProblemError."""
        async with borrowed(self.pool) as connection:
            with answered():
                told = await importer(self.today).take_in(
                    connection, content, digest, now=self.clock(), acting=caller.acting()
                )
        self._ring(is_needed=not told.is_idle)
        return told

    def _ring(self, *, is_needed: bool) -> None:
        if is_needed and self.said is not None:
            self.said.ring()
