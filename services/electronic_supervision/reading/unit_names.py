"""The names of units, by what a system calls them or by their codes in the city's register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import asyncpg

NAMES = """
select asked.source, asked.code, unit.name
from unnest($1::text[], $2::text[]) as asked(source, code)
left join unit_alias on unit_alias.source = asked.source and unit_alias.code = asked.code
join unit on unit.code = coalesce(unit_alias.unit, asked.code)
"""
CLOSED = """
select successor from closed_unit
where code = coalesce((select unit from unit_alias where (source, code) = ($1, $2)), $2)
"""

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A unit that is no more, and the name of the one that took over, if one did."""

    successor: str | None


async def names_of(connection: asyncpg.Connection, units: Iterable[tuple[str, str]]) -> Names:
    """Return the names of units, asked for by source and code; those unknown are left out."""
    asked = list(set(units))
    rows = await connection.fetch(NAMES, [each[0] for each in asked], [each[1] for each in asked])
    return {(row["source"], row["code"]): row["name"] for row in rows}


async def closed(connection: asyncpg.Connection, source: str, code: str) -> Closed | None:
    """Tell what became of a unit that a source calls by a code, None while it goes on."""
    row = await connection.fetchrow(CLOSED, source, code)
    return None if row is None else Closed(successor=row["successor"])
