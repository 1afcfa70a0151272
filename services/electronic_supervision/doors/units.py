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
insert into unit_told (code, name) values ($1, $2)
on conflict (code) do update
set name = excluded.name, closed_from = null, successor = null
"""
FORGET = "delete from unit_alias where unit = $1"
FORGET_NAMES = "delete from unit_day where unit = $1"
NAMED = """
insert into unit_day (unit, first_day, name) values ($1, $2, $3)
on conflict (unit, first_day) do update set name = excluded.name
"""
ALIAS = """
insert into unit_alias (source, code, unit) values ($1, $2, $3)
on conflict (source, code) do update set unit = excluded.unit
"""
# another unit may have been given the code since
UNALIAS = "delete from unit_alias where source = $1 and code = $2 and unit = $3"
# kept apart too: a name that has begun outlives those whose days are told anew
RENAME = "update unit_told set name = $2 where code = $1 and $3::date <= local_day()"
CLOSE = "update unit_told set closed_from = $2, successor = $3 where code = $1"


async def apply(connection: asyncpg.Connection, event: Event[Published]) -> None:
    """Write what an event changes; part of the transaction that notes it as taken.

    Types of later contracts that say nothing of a unit's name, aliases or end change nothing.
    """
    match event.data:
        case UnitRegistered(unit=unit, name=name, aliases=aliases):
            await connection.execute(REGISTER, unit, name)
            await connection.execute(FORGET, unit)
            await connection.execute(FORGET_NAMES, unit)
            await connection.executemany(ALIAS, [(a.source, a.code, unit) for a in aliases])
        case AliasAdded(unit=unit, alias=alias):
            await connection.execute(ALIAS, alias.source, alias.code, unit)
        case AliasRemoved(unit=unit, alias=alias):
            await connection.execute(UNALIAS, alias.source, alias.code, unit)
        case UnitRenamed(unit=unit, name=name, effective_from=day):
            await connection.execute(NAMED, unit, day, name)
            await connection.execute(RENAME, unit, name, day)
        case UnitClosed(unit=unit, effective_from=day, successor=successor):
            await connection.execute(CLOSE, unit, day, successor)
        case _:
            pass
