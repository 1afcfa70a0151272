"""The lists of the registers on a day: found by words, unit and standing, page by page."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import asyncpg

from services.electronic_supervision.registers.store import Kind
from services.electronic_supervision.registers.tables import Row, rows_of

# of an entry the version of that day; the first one if it began later only
LIST = """
select code, name, unit, first_day, last_day, state from (
    select distinct on (code) code, name, unit, words, first_day, last_day,
           case when first_day > $2 then 'future'
                when standing = 'withdrawn' then 'withdrawn'
                when last_day < $2 then 'expired'
                else standing end as state
    from register_version where kind = $1
    order by code, first_day <= $2 desc, case when first_day <= $2 then first_day end desc,
             first_day
) told
where ($3 = '' or position(lower($3) in lower(words)) > 0) and ($4 = '' or unit = $4)
  and ($5 = '' or state = $5) and code > $6
order by code limit $7
"""
NAMES = "select code, name from unit where code = any($1::text[])"
UNITS = "select code, name from unit where closed_from is null order by code limit 1000"


class State(StrEnum):
    """How an entry is on a day."""

    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FUTURE = "future"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries to list: on a day, and "" for all of whatever else."""

    kind: Kind
    on: date
    search: str = ""
    unit: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry as it is on a day, or will be first."""

    code: str
    name: str
    unit: str
    first_day: date
    last_day: date | None
    state: State


async def listed(
    connection: asyncpg.Connection, wanted: Wanted, *, after: str, limit: int
) -> list[Listed]:
    """Return the entries whose codes follow one, in order."""
    rows = await connection.fetch(
        LIST,
        wanted.kind.name,
        wanted.on,
        wanted.search,
        wanted.unit,
        wanted.state,
        after,
        limit,
    )
    return [Listed(**{**row, "state": State(row["state"])}) for row in rows]


def row_on(state: Any, day: date) -> Row | None:
    """Return the version of an entry on a day, the first one if it began later, None if none."""
    rows = list(rows_of(state))
    before = [each for each in rows if each.first_day <= day]
    return before[-1] if before else next(iter(rows), None)


def state_on(row: Row, day: date) -> State:
    """Tell how an entry is on a day by its version of that day."""
    if row.first_day > day:
        return State.FUTURE
    if row.standing == State.WITHDRAWN.value:
        return State.WITHDRAWN
    if row.last_day is not None and row.last_day < day:
        return State.EXPIRED
    return State(row.standing)


async def unit_names(connection: asyncpg.Connection, codes: set[str]) -> dict[str, str]:
    """Return the names of units by their codes; those unknown are left out."""
    rows = await connection.fetch(NAMES, sorted(codes))
    return {row["code"]: row["name"] for row in rows}


async def units(connection: asyncpg.Connection) -> list[tuple[str, str]]:
    """Return the codes and names of units, to be proposed."""
    return [(row["code"], row["name"]) for row in await connection.fetch(UNITS)]
