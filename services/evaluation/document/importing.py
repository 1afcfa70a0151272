"""Try a document out, or import it: all of it in one transaction, or nothing."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

import asyncpg

from kernel.document.outcome import Fate, Outcome, Preview
from kernel.document.raw import BadDocumentError
from kernel.document.read import Read, ReadLine, read
from services.evaluation.document.batch import Batch
from services.evaluation.document.compare import current, steps
from services.evaluation.document.headings import LAYOUT
from services.evaluation.document.lines import AnyLine
from services.evaluation.document.snapshot import Snapshot, snapshot
from services.evaluation.document.wish import Steps, changes
from services.evaluation.domain.refused import Refused
from services.evaluation.project import LOCK


async def preview(
    connection: asyncpg.Connection, content: bytes, *, now: datetime, acting: Mapping[str, str]
) -> Preview:
    """Return what would become of each line, by doing it all and undoing it.

    Raises BadDocumentError.
    """
    document = await to_thread(read, content, LAYOUT)  # others are to be answered meanwhile
    trial = connection.transaction()
    await trial.start()
    try:
        told, _ = await _tried(connection, document, now, acting)
    finally:
        await trial.rollback()
    return told


async def import_document(
    connection: asyncpg.Connection,
    content: bytes,
    digest: str,
    *,
    now: datetime,
    acting: Mapping[str, str],
) -> Preview:
    """Import what was previewed under a digest. What is in the register already is no change.

    Raises BadDocumentError, also: `document-other` (not what was previewed), `register-changed`
    (since then), `document-refused` (a line of it); then nothing is imported.
    """
    if digest.partition(".")[0] != sha256(content).hexdigest():
        raise BadDocumentError("document-other")
    document = await to_thread(read, content, LAYOUT)
    async with connection.transaction():
        told, batch = await _tried(
            connection, document, now, {**acting, "document": document.digest}
        )
        if told.is_idle:
            return told
        if told.digest != digest:
            raise BadDocumentError("register-changed")
        if told.is_refused:
            raise BadDocumentError("document-refused")
        await batch.record()
    return told


async def _tried(
    connection: asyncpg.Connection,
    document: Read[AnyLine],
    now: datetime,
    acting: Mapping[str, str],
) -> tuple[Preview, Batch]:
    """Write what follows from all lines that can be granted, but record nothing."""
    await connection.execute(LOCK)
    before = await snapshot(connection)
    batch = Batch(connection, now, acting)
    outcomes, wishes = [], []
    for index, line in enumerate(document.lines):
        outcome, wish = _planned(line, before)
        outcomes.append(outcome)
        wishes += [(turn, index, command) for turn, command in wish]
    for _, index, command in sorted(wishes, key=lambda wish: wish[:2]):
        if outcomes[index].fate is Fate.REFUSED:
            continue
        try:
            await batch.carry_out(command)
        except Refused as refused:
            outcomes[index] = _refused(document.lines[index], refused.code, refused.field)
    return Preview(digest=f"{document.digest}.{before.digest()}", outcomes=outcomes), batch


def _planned(read: ReadLine[AnyLine], before: Snapshot) -> tuple[Outcome, Steps]:
    if read.fault is not None or read.line is None:
        code, field = read.fault or ("value-wrong", "")
        return _refused(read, code, field), []
    known = current(read.line, before)
    try:
        wish = steps(read.line, before)
    except Refused as refused:
        return _refused(read, refused.code, refused.field), []
    fate = Fate.NEW if known is None else Fate.CHANGED if wish else Fate.UNCHANGED
    differing = [] if fate is Fate.UNCHANGED else changes(known, read.line)
    outcome = Outcome(
        sheet=read.sheet, number=read.number, code=read.code, fate=fate, changes=differing
    )
    return outcome, wish


def _refused(read: ReadLine[AnyLine], code: str, field: str) -> Outcome:
    return Outcome(
        sheet=read.sheet,
        number=read.number,
        code=read.code,
        fate=Fate.REFUSED,
        reason=code,
        field=field,
    )
