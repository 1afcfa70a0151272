"""Who took the whole catalogue or all registers away: an event of the record like any other."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import asyncpg

from kernel.access.principal import Acting
from kernel.codec import Codec
from kernel.database import borrowed
from kernel.store.events import NewEvent
from kernel.store.store import append

EXPORTS = "exports"
"""The stream of them all."""

What = Literal["catalogue", "registers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentExported:
    """Somebody took away all that there is of `what`, as a document of a kind (xlsx, yaml)."""

    what: What
    kind: str


CODEC: Codec[DocumentExported] = Codec(DocumentExported)


async def note_export(
    pool: asyncpg.Pool, what: What, kind: str, *, now: datetime, by: Acting
) -> None:
    """Record an export before it begins; `now` is aware, `by` says who it is."""
    name, data = CODEC.encode(DocumentExported(what=what, kind=kind))
    event = NewEvent(
        stream=EXPORTS,
        id=f"{EXPORTS}-{secrets.token_hex(16)}",
        type=name,
        data=data,
        metadata=json.dumps(dict(by), ensure_ascii=False, sort_keys=True),
    )
    async with borrowed(pool) as connection:
        await append(connection, [event], now)
