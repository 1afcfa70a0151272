"""The table of units, written only from what our own service of evaluation tells."""

import asyncpg

from contracts.envelope import Event
from contracts.organisation import (
    AliasAdded,
    AliasRemoved,
    UnitClosed,
    UnitRegistered,
    UnitRenamed,
)
from contracts.vocabulary import Published

REGISTER = """
insert into unit (code, name) values ($1, $2)
on conflict (code) do update set name = excluded.name, closed_from = null
"""
FORGET = "delete from unit_alias where unit = $1"
ALIAS = """
insert into unit_alias (source, code, unit) values ($1, $2, $3)
on conflict (source, code) do update set unit = excluded.unit
"""
# another unit may have been given the code since
UNALIAS = "delete from unit_alias where source = $1 and code = $2 and unit = $3"
RENAME = "update unit set name = $2 where code = $1"
CLOSE = "update unit set closed_from = $2 where code = $1"


async def apply(connection: asyncpg.Connection, event: Event[Published]) -> None:
    """Write what an event changes; part of the transaction that notes it as taken.

    Types of later contracts that say nothing of a unit's name, aliases or end change nothing.
    """
    match event.data:
        case UnitRegistered(unit=unit, name=name, aliases=aliases):
            await connection.execute(REGISTER, unit, name)
            await connection.execute(FORGET, unit)
            await connection.executemany(ALIAS, [(a.source, a.code, unit) for a in aliases])
        case AliasAdded(unit=unit, alias=alias):
            await connection.execute(ALIAS, alias.source, alias.code, unit)
        case AliasRemoved(unit=unit, alias=alias):
            await connection.execute(UNALIAS, alias.source, alias.code, unit)
        case UnitRenamed(unit=unit, name=name):
            await connection.execute(RENAME, unit, name)
        case UnitClosed(unit=unit, effective_from=day):
            await connection.execute(CLOSE, unit, day)
        case _:
            pass
