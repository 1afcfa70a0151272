"""The tables of units."""

from collections.abc import Sequence
from typing import assert_never

import asyncpg

from kernel.store.store import VersionConflictError
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.unit_acts import (
    Alias,
    AliasAdded,
    AliasRemoved,
    Closed,
    Event,
    Registered,
    Regrouped,
    Renamed,
)

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
TAKEN = """
select a.source, a.code, h.code as holding, h.name as holding_name, w.code as wanting,
       w.name as wanting_name
from unnest($2::text[], $3::text[]) as wanted (source, code)
join unit_alias a on a.source = wanted.source and a.code = wanted.code and a.is_open
join unit h on h.code = a.unit
join unit w on w.code = $1
where a.unit <> $1
order by a.source, a.code limit 1
"""
DROP = "delete from unit_alias where unit = $1 and source = $2 and code = $3"
RENAME = "update unit set name = $2, name_from = $3 where code = $1"
REGROUP = "update unit set unit_group = $2 where code = $1"
CLOSE = "update unit set closed_from = $2, successor = $3 where code = $1"
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('successors of units', 0))"
COMES_BACK = """
with recursive after as (
    select successor from unit where code = $1
    union
    select unit.successor from after join unit on unit.code = after.successor
)
select exists (select from after where successor = $1)
"""
FREE = "update unit_alias set is_open = false where unit = $1"
VERSION = """
insert into unit_version (unit, first_day, name, unit_group)
select code, $2, name, unit_group from unit where code = $1
on conflict (unit, first_day) do update
set name = excluded.name, unit_group = excluded.unit_group
"""


async def write_unit(connection: asyncpg.Connection, event: Event) -> None:
    """Write what follows from an event.

    Raises Refused (`alias-taken`, `successor-unknown`), and VersionConflictError if the unit was
    registered since it was decided upon.
    """
    match event:
        case Registered():
            await _register(connection, event)
            await connection.execute(VERSION, event.code, event.effective_from)
        case Renamed():
            await connection.execute(RENAME, event.code, event.name, event.effective_from)
            await connection.execute(VERSION, event.code, event.effective_from)
        case Regrouped():
            await connection.execute(REGROUP, event.code, event.group.value)
            await connection.execute(VERSION, event.code, event.effective_from)
        case AliasAdded():
            await _claim(connection, event.code, [event.alias], field="code")
        case AliasRemoved(code=code, alias=alias):
            await connection.execute(DROP, code, alias.source, alias.code)
        case Closed():
            await _close(connection, event)
            await connection.execute(FREE, event.code)
        case _:
            assert_never(event)


async def _register(connection: asyncpg.Connection, event: Registered) -> None:
    row = (event.code, event.name, event.effective_from, event.group.value)
    if not await connection.fetch(REGISTER, *row):
        raise VersionConflictError
    await _claim(connection, event.code, event.aliases, field="aliases")


async def _claim(
    connection: asyncpg.Connection, unit: str, aliases: Sequence[Alias], *, field: str
) -> None:
    sources, codes = [each.source for each in aliases], [each.code for each in aliases]
    if len(await connection.fetch(CLAIM, unit, sources, codes)) < len(aliases):
        taken = await connection.fetchrow(TAKEN, unit, sources, codes)
        raise Refused("alias-taken", field=field, note="" if taken is None else _taken(taken))


def _taken(row: asyncpg.Record) -> str:
    wanting, holding = (f"{row[f'{each}_name']}（{row[each]}）" for each in ("wanting", "holding"))
    return f"来源系统 {row['source']} 的代码“{row['code']}”已经对应{holding}，不能再对应{wanting}。"


async def _close(connection: asyncpg.Connection, event: Closed) -> None:
    try:
        await connection.execute(CLOSE, event.code, event.effective_from, event.successor)
    except asyncpg.ForeignKeyViolationError as error:
        raise Refused("successor-unknown", field="successor") from error


async def make_sure_of_end(connection: asyncpg.Connection, event: Closed) -> None:
    """Make sure that a unit just closed does not succeed itself in the end.

    Raises Refused `successor-cycle`. Not asked of what is recorded already.
    """
    if event.successor is None:
        return
    # lock: two that close at once, each for the other, must see each other
    await connection.execute(ONE_AT_A_TIME)
    if await connection.fetchval(COMES_BACK, event.code):
        raise Refused("successor-cycle", field="successor")
