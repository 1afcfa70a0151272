"""The list of units: how many sections, posts and people each has on a day."""

from dataclasses import dataclass
from datetime import date

import asyncpg

UNITS = """
select u.code, v.name, v.unit_group, u.effective_from, u.closed_from,
       (select count(*) from section s where s.unit = u.code and s.effective_from <= $1
        and (least(s.closed_from, u.closed_from) is null
             or $1 < least(s.closed_from, u.closed_from))) as sections,
       (select count(*) from post p left join section s on s.code = p.section
        where p.unit = u.code and p.effective_from <= $1
        and (least(p.closed_from, s.closed_from, u.closed_from) is null
             or $1 < least(p.closed_from, s.closed_from, u.closed_from))) as posts,
       (select count(*) from person p
        join lateral (
            select w.unit from person_version w where w.person = p.code and w.first_day <= $1
            order by w.first_day desc limit 1
        ) at on at.unit = u.code
        where p.closed_from is null or $1 < p.closed_from) as people
from unit u
join lateral (
    select w.* from unit_version w where w.unit = u.code
    order by w.first_day <= $1 desc, abs(w.first_day - $1) limit 1
) v on true
where ((u.closed_from is not null and u.closed_from <= $1) = $2)
  and ($3 = '' or position(lower($3) in lower(v.name)) > 0
       or position(lower($3) in lower(u.code)) > 0
       or exists (select from unit_alias a
                  where a.unit = u.code and position(lower($3) in lower(a.code)) > 0))
  and ($4 = '' or v.unit_group = $4)
order by v.unit_group, u.code limit $5
"""
CLOSED = "select count(*) from unit where closed_from is not null and closed_from <= $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A unit in the list."""

    code: str
    name: str
    unit_group: str
    effective_from: date
    closed_from: date | None
    sections: int
    posts: int
    people: int


async def unit_lines(
    connection: asyncpg.Connection,
    *,
    on: date,
    is_closed: bool,
    search: str,
    group: str,
    limit: int,
) -> list[UnitLine]:
    """Return the units that are there on a day, or are not any more, by group and code.

    `search` ("" for all) is part of a name, a code or an alias; `group` is "" for all.
    """
    rows = await connection.fetch(UNITS, on, is_closed, search, group, limit)
    return [UnitLine(**row) for row in rows]


async def closed_units(connection: asyncpg.Connection, on: date) -> int:
    """Return how many units there are no more on a day."""
    count: int = await connection.fetchval(CLOSED, on)
    return count
