"""Try a document out, or import it: all of it in one transaction, or nothing."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Generic

import asyncpg

from kernel.document.batch import Batch, Command, Happened, Recording
from kernel.document.layout import Layout, Line
from kernel.document.outcome import Fate, Outcome, Preview
from kernel.document.raw import BadDocumentError
from kernel.document.read import Read, ReadLine, read

Refusal = tuple[str, str] | tuple[str, str, str]
"""A code, the field that is in the way ("" if none is), and what is so of this line, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[Command]):
    """What lines come to before anything is tried: an outcome for each, and the commands.

    `before` is a digest (hexadecimal) that changes whenever what the document is about does. A
    command comes with its turn, and with the index of the line that asks for it.
    """

    before: str
    outcomes: list[Outcome]
    wishes: list[tuple[int, int, Command]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer(Generic[Line, Command, Happened]):
    """How documents of one kind are taken in.

    `lock` is the statement that keeps everybody else from changing what they are about; `changed`
    the code of the refusal if somebody did since the preview; `grant` carries out a command, or
    says why it is refused.
    """

    layout: Layout[Line]
    recording: Recording[Command, Happened]
    lock: str
    changed: str
    plan: Callable[[asyncpg.Connection, Read[Line]], Awaitable[Plan[Command]]]
    grant: Callable[[Batch[Command, Happened], Command], Awaitable[Refusal | None]]

    async def preview(
        self,
        connection: asyncpg.Connection,
        content: bytes,
        *,
        now: datetime,
        acting: Mapping[str, str],
    ) -> Preview:
        """Return what would become of each line, by doing it all and undoing it.

        Raises BadDocumentError.
        """
        # others are to be answered meanwhile
        document = await to_thread(read, content, self.layout)
        trial = connection.transaction()
        await trial.start()
        try:
            told, _ = await self._tried(connection, document, now, acting)
        finally:
            await trial.rollback()
        return told

    async def take_in(
        self,
        connection: asyncpg.Connection,
        content: bytes,
        digest: str,
        *,
        now: datetime,
        acting: Mapping[str, str],
    ) -> Preview:
        """Import what was previewed under a digest. What is so already is no change.

        Raises BadDocumentError, also: `document-other` (not what was previewed), the code of
        `changed` (since then), `document-refused` (a line of it); then nothing is imported.
        """
        if digest.partition(".")[0] != sha256(content).hexdigest():
            raise BadDocumentError("document-other")
        document = await to_thread(read, content, self.layout)
        marked = {**acting, "document": document.digest}
        async with connection.transaction():
            told, batch = await self._tried(connection, document, now, marked)
            if told.is_idle:
                return told
            if told.digest != digest:
                raise BadDocumentError(self.changed)
            if told.is_refused:
                raise BadDocumentError("document-refused")
            await batch.record()
        return told

    async def _tried(
        self,
        connection: asyncpg.Connection,
        document: Read[Line],
        now: datetime,
        acting: Mapping[str, str],
    ) -> tuple[Preview, Batch[Command, Happened]]:
        """Write what follows from all lines that can be granted, but record nothing."""
        await connection.execute(self.lock)
        plan = await self.plan(connection, document)
        batch = Batch(connection, self.recording, now, acting)
        outcomes = list(plan.outcomes)
        for _, index, command in sorted(plan.wishes, key=lambda wish: wish[:2]):
            if outcomes[index].fate is Fate.REFUSED:
                continue
            if (refusal := await self.grant(batch, command)) is not None:
                outcomes[index] = refused(document.lines[index], refusal)
        return Preview(digest=f"{document.digest}.{plan.before}", outcomes=outcomes), batch


def refused(read: ReadLine[Line], refusal: Refusal) -> Outcome:
    """Return the outcome of a line that is refused."""
    note = refusal[2] if len(refusal) == 3 else ""
    return Outcome(
        sheet=read.sheet,
        number=read.number,
        code=read.code,
        fate=Fate.REFUSED,
        reason=refusal[0],
        field=refusal[1],
        note=note or (read.note if refusal == read.fault else ""),
    )
