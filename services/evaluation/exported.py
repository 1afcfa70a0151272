"""Who took the whole register away: an event of the record like any other."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kernel.codec import Codec
from kernel.store.events import NewEvent
from kernel.store.store import append

EXPORTS = "register-exports"
"""The stream of them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterExported:
    """Somebody took away the register as a document of a kind (xlsx, yaml)."""

    kind: str


CODEC: Codec[RegisterExported] = Codec(RegisterExported)


async def note_export(
    connection: asyncpg.Connection, kind: str, *, now: datetime, by: Mapping[str, str]
) -> None:
    """Record an export before it begins; `now` is aware, `by` says who it is."""
    name, data = CODEC.encode(RegisterExported(kind=kind))
    event = NewEvent(
        stream=EXPORTS,
        id=f"{EXPORTS}-{secrets.token_hex(16)}",
        type=name,
        data=data,
        metadata=json.dumps(dict(by), ensure_ascii=False, sort_keys=True),
    )
    await append(connection, [event], now)
