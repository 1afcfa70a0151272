"""The tables of units, written in the transaction of the events they follow from.

Not later, by a follower: whether a code of a city system is free can only be promised by a unique
index that refuses the very append.
"""

from collections.abc import Sequence
from typing import assert_never

import asyncpg

from kernel.store.store import VersionConflictError, read
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.unit import Closed, Event, Registered, Renamed
from services.evaluation.store import CODEC, UNITS

REGISTER = """
insert into unit (code, name, name_from, unit_group, effective_from)
values ($1, $2, $3, $4, $3) on conflict (code) do nothing
returning code
"""
# in order, else two units that want the same aliases could wait for each other
CLAIM = """
insert into unit_alias (unit, source, code)
select $1, source, code from unnest($2::text[], $3::text[]) as wanted (source, code)
order by source, code
on conflict (source, code) where is_open do nothing
returning code
"""
RENAME = "update unit set name = $2, name_from = $3 where code = $1"
CLOSE = "update unit set closed_from = $2, successor = $3 where code = $1"
FREE = "update unit_alias set is_open = false where unit = $1"
# who appends writes here first: while it is locked, the record is complete and stays as it is
LOCK = "lock table unit, unit_alias in share row exclusive mode"


async def project(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Write what follows from new events.

    Raises Refused (`alias-taken`, `successor-unknown`), and VersionConflictError if the unit was
    registered since it was decided upon.
    """
    for event in events:
        match event:
            case Registered():
                await _register(connection, event)
            case Renamed():
                await connection.execute(RENAME, event.code, event.name, event.effective_from)
            case Closed():
                await _close(connection, event)
                await connection.execute(FREE, event.code)
            case _:
                assert_never(event)


async def rebuild(connection: asyncpg.Connection) -> None:
    """Make the tables anew from the record; meanwhile they can be read, and commands wait."""
    async with connection.transaction():
        await connection.execute(LOCK)
        await connection.execute("delete from unit_alias")
        await connection.execute("delete from unit")
        async for stored in read(connection):
            if stored.stream.startswith(UNITS):
                await project(connection, [CODEC.decode(stored.type, stored.data)])


async def _register(connection: asyncpg.Connection, event: Registered) -> None:
    row = (event.code, event.name, event.effective_from, event.group.value)
    if not await connection.fetch(REGISTER, *row):
        raise VersionConflictError
    sources, codes = [each.source for each in event.aliases], [each.code for each in event.aliases]
    if len(await connection.fetch(CLAIM, event.code, sources, codes)) < len(event.aliases):
        raise Refused("alias-taken", field="aliases")


async def _close(connection: asyncpg.Connection, event: Closed) -> None:
    try:
        await connection.execute(CLOSE, event.code, event.effective_from, event.successor)
    except asyncpg.ForeignKeyViolationError as error:
        raise Refused("successor-unknown", field="successor") from error
