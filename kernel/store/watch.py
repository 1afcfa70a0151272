"""Note how far the record of a service has come while it runs, outside the database."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import asyncpg

from kernel.database import is_transient
from kernel.store.chain import Head
from kernel.store.heads import note

LOG = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
LAST = "select position, hash from event order by position desc limit 1"


async def note_heads(
    pool: asyncpg.Pool,
    folder: Path,
    service: str,
    clock: Callable[[], datetime],
    *,
    every_seconds: float = EVERY_SECONDS,
) -> None:
    """Note a head for ever, whenever the record has grown.

    A database that is away or a disk that is full is logged and tried again: a city is not left
    without judgements for want of a note.
    """
    known: Head | None = None
    while True:
        try:
            row = await pool.fetchrow(LAST)
            head = None if row is None else Head(position=row["position"], hash=row["hash"])
            if head is not None and head != known:
                await asyncio.to_thread(note, folder, service, head, clock())
                known = head
        except Exception as error:
            if not is_transient(error):
                raise
            LOG.warning("no head", extra={"error": repr(error)})
        await asyncio.sleep(every_seconds)
