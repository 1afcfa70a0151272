"""Walk the record of a service, and say where it is not what it was."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from deploy.administrator import administrator
from deploy.verify.publications import walk
from kernel.store import chain
from kernel.store.chain import Break, Head
from kernel.store.events import StoredEvent
from kernel.store.heads import note, noted
from kernel.store.store import read
from kernel.tenancy import Tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a walk over a service's record found; `head` is None while it is empty.

    Without tables (`is_there`) it is one that an older version did not keep yet.
    """

    service: str
    head: Head | None
    publications: int
    compared: int
    breaks: list[Break]
    is_there: bool = True


async def verify(
    url: str, tenancy: Tenancy, heads: Path, now: datetime, *, notes: bool = True
) -> Finding:
    """Compare a record with itself and with the heads noted before.

    When all is well and `notes`, its head is noted too; `now` is aware. Raises HeadsDamagedError,
    RefusedError of `administrator`, and asyncpg's errors.
    """
    known = [each.head for each in noted(heads, tenancy.name) if each.head.position]
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {tenancy.name}")
        if await connection.fetchval("select to_regclass('event')") is None:
            return _missing(tenancy, known)
        trail = Trail(connection)
        breaks = await chain.verify(trail.events(), known)
        said = await walk(connection, tenancy)
    finally:
        await connection.close()
    breaks += said.breaks
    if notes and not breaks and trail.head is not None and trail.head not in known[-1:]:
        note(heads, tenancy.name, trail.head, now)
    return Finding(
        service=tenancy.name,
        head=trail.head,
        publications=said.last,
        compared=len(known),
        breaks=breaks,
    )


def _missing(tenancy: Tenancy, known: Sequence[Head]) -> Finding:
    """Tell of a record that is not there: it was cut away if anything was ever known of it.

    Else whoever asks has to know whether that can be.
    """
    cut = [Break(position=each.position, what="cut") for each in known[-1:]]
    return Finding(
        service=tenancy.name,
        head=None,
        publications=0,
        compared=len(known),
        breaks=cut,
        is_there=False,
    )


class Trail:
    """Remembers the last event that was read of a record."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.head: Head | None = None

    async def events(self) -> AsyncIterator[StoredEvent]:
        """Yield the whole record from its beginning, as far as it is committed."""
        async for event in read(self._connection):
            self.head = Head(position=event.position, hash=event.hash)
            yield event
