"""What the pages of rules work with."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from kernel.access.principal import Caller
from kernel.database import borrowed
from services.electronic_supervision.domain.rules.life_acts import Command, DraftRule
from services.electronic_supervision.domain.rules.life_stages import (
    Draft,
    Life,
    Rehearsed,
    Version,
    digest_of,
)
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.rehearsal.keep import Rehearsal, ask
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rules.keep import carry_out
from services.electronic_supervision.rules.read import read_rule
from services.electronic_supervision.rules.refusals import answered
from services.electronic_supervision.rules.store import load_lives


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesDesk:
    """The record, the clock, and the office time by which examples are tried."""

    pool: asyncpg.Pool
    clock: Callable[[], datetime]
    office: Office

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.office.local_date(self.clock())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection in a transaction that sees one state of the record."""
        async with (
            borrowed(self.pool) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    async def carry_out(self, command: Command, caller: Caller) -> bool:
        """Carry out a command, and tell whether anything happened. Raises ProblemError."""
        async with borrowed(self.pool) as connection:
            with answered():
                happened: Sequence[object] = await carry_out(
                    connection, command, now=self.clock(), acting=caller.acting()
                )
        return bool(happened)

    async def draft(self, document: str, caller: Caller) -> tuple[str, int]:
        """Draft a text: the last version anew while it is no more than a draft, else the next.

        Returns the id of the rule and the version. Raises BadRuleError and ProblemError.
        """
        id_ = read_rule(document).rule.id
        async with self.reading() as connection:
            versions = (await load_lives(connection)).get(id_, Life()).versions
        is_open = bool(versions) and isinstance(versions[-1].stage, Draft | Rehearsed)
        number = len(versions) + (0 if is_open else 1)
        await self.carry_out(DraftRule(id=id_, version=number, document=document), caller)
        return id_, number

    async def ask(self, id_: str, version: Version, caller: Caller) -> str:
        """Ask for a rehearsal of a version, and return its id."""
        now, by = self.clock(), caller.acting()["by"]
        wish = Rehearsal(
            id=str(uuid5(NAMESPACE_URL, f"{id_}/{version.number}/{by}/{now.isoformat()}")),
            subject=id_,
            proposal=Proposal(kind=Kind.RULE, document=version.document, version=version.number),
            digest=digest_of(version.document),
            asked_by=by,
            as_of=now,
        )
        async with borrowed(self.pool) as connection:
            await ask(connection, wish, now)
        return wish.id
