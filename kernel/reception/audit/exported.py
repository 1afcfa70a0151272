"""Who took the list of acts away: an event of the record of access like any other."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kernel.access.principal import Acting
from kernel.codec import Codec
from kernel.store.events import NewEvent
from kernel.store.store import append

EXPORTS = "audit-exports"
"""The stream of them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExported:
    """Somebody took away the acts that an address lists."""

    address: str


CODEC: Codec[AuditExported] = Codec(AuditExported)


async def note_export(
    connection: asyncpg.Connection, address: str, *, now: datetime, by: Acting
) -> None:
    """Record an export before it begins."""
    name, data = CODEC.encode(AuditExported(address=address))
    event = NewEvent(
        stream=EXPORTS,
        id=f"{EXPORTS}-{secrets.token_hex(16)}",
        type=name,
        data=data,
        metadata=json.dumps(dict(by), ensure_ascii=False, sort_keys=True),
    )
    await append(connection, [event], now)
