"""The registers as they stand, or as they were known: all of them for rules, some for people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.electronic_supervision.domain.registers.registers import Event, Registers, fold
from services.electronic_supervision.registers.store import CODEC, KINDS, Kind

ALL = "select told from register_entry"
# by the list of entries, not by how streams begin: no index of the record is for that
KNOWN = """
select array[event.type, event.data] as told from register_entry
join event on event.stream = register_entry.kind || '-' || register_entry.code
where event.recorded_at <= $1 order by event.position
"""
OF_CODES = """
select code, told from register_entry where kind = $1 and code = any($2::text[])
"""
OF_KIND = "select code, told from register_entry where kind = $1 order by code"


async def load_registers(
    connection: asyncpg.Connection, known_at: datetime | None = None
) -> Registers:
    """Return all registers, for rules to ask; as they were known at an instant if one is given."""
    if known_at is None:
        rows = await connection.fetch(ALL)
    else:
        rows = await connection.fetch(KNOWN, known_at)
    return fold(event for row in rows for event in events_of(row["told"]))


async def states(
    connection: asyncpg.Connection, kind: Kind, codes: Sequence[str] | None = None
) -> Mapping[str, Any]:
    """Return the states of entries by their codes, in the order asked for; of all without any."""
    if codes is None:
        rows = await connection.fetch(OF_KIND, kind.name)
        codes = [row["code"] for row in rows]
    else:
        rows = await connection.fetch(OF_CODES, kind.name, codes)
    told = {row["code"]: row["told"] for row in rows}
    return {code: kind.decider.fold(events_of(told.get(code, ()))) for code in codes}


async def all_states(connection: asyncpg.Connection) -> Mapping[str, Mapping[str, Any]]:
    """Return the states of all entries by kind and code."""
    return {name: await states(connection, kind) for name, kind in KINDS.items()}


def events_of(told: Sequence[str]) -> Iterator[Event]:
    """Yield events from their types and data, in turn."""
    for type_, data in zip(told[::2], told[1::2], strict=True):
        yield CODEC.decode(type_, data)
