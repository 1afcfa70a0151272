"""Units as they stand, or as they stood on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

# a day of null asks for what was said last, whatever its day, of all that there ever was
SELECT = """
select u.code, v.name, named_since(u.code, v.day) as name_from, v.unit_group,
       u.effective_from, u.closed_from, u.successor,
       array(select a.source from unit_alias a where a.unit = u.code order by a.source, a.code)
           as sources,
       array(select a.code from unit_alias a where a.unit = u.code order by a.source, a.code)
           as codes
from unit u
join lateral (
    select w.name, w.unit_group, coalesce($1::date, 'infinity') as day from unit_version w
    where w.unit = u.code and w.first_day <= coalesce($1::date, 'infinity')
    order by w.first_day desc limit 1
) v on true
"""
OF_CODE = f"{SELECT} where u.code = $2"
AFTER = f"""{SELECT}
where u.code > $2
  and ($1::date is null
       or u.effective_from <= $1 and (u.closed_from is null or $1 < u.closed_from))
order by u.code limit $3
"""
NAMES = """
select first_day, name, unit_group from unit_version where unit = $1 order by first_day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit; `sources` and `codes` are its aliases, side by side."""

    code: str
    name: str
    name_from: date
    unit_group: str
    effective_from: date
    closed_from: date | None
    successor: str | None
    sources: Sequence[str]
    codes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitVersion:
    """What a unit was called from a local day on, and in which group it was."""

    first_day: date
    name: str
    unit_group: str


async def unit(connection: asyncpg.Connection, code: str, on: date | None = None) -> UnitRow | None:
    """Return a unit, None if it was never registered, or not yet on that day."""
    row = await connection.fetchrow(OF_CODE, on, code)
    return None if row is None else UnitRow(**row)


async def units(
    connection: asyncpg.Connection, *, after: str, limit: int, on: date | None = None
) -> list[UnitRow]:
    """Return the units whose codes follow one, in order of their codes; those there on a day."""
    rows = await connection.fetch(AFTER, on, after, limit)
    return [UnitRow(**row) for row in rows]


async def unit_versions(connection: asyncpg.Connection, code: str) -> list[UnitVersion]:
    """Return what a unit was called over time, the first name first."""
    return [UnitVersion(**row) for row in await connection.fetch(NAMES, code)]
