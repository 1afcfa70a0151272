"""Sections as they stand, or as they stood on a day; a section ends with its unit."""

from dataclasses import dataclass
from datetime import date

import asyncpg

SELECT = """
select s.code, s.unit, v.name, v.first_day as name_from, s.effective_from,
       least(s.closed_from, u.closed_from) as closed_from
from section s
join unit u on u.code = s.unit
join lateral (
    select w.name, w.first_day from section_version w
    where w.section = s.code and w.first_day <= coalesce($1::date, 'infinity')
    order by w.first_day desc limit 1
) v on true
"""
OF_CODE = f"{SELECT} where s.code = $2"
AFTER = f"""{SELECT}
where s.code > $2 and ($4::text is null or s.unit = $4)
  and ($1::date is null or s.effective_from <= $1
       and (least(s.closed_from, u.closed_from) is null
            or $1 < least(s.closed_from, u.closed_from)))
order by s.code limit $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """A section; `closed_from` is the first local day without it or its unit."""

    code: str
    unit: str
    name: str
    name_from: date
    effective_from: date
    closed_from: date | None


async def section(
    connection: asyncpg.Connection, code: str, on: date | None = None
) -> SectionRow | None:
    """Return a section, None if it was never opened, or not yet on that day."""
    row = await connection.fetchrow(OF_CODE, on, code)
    return None if row is None else SectionRow(**row)


async def sections(
    connection: asyncpg.Connection,
    *,
    after: str,
    limit: int,
    unit: str | None = None,
    on: date | None = None,
) -> list[SectionRow]:
    """Return the sections whose codes follow one, in order; of a unit, and there on a day."""
    rows = await connection.fetch(AFTER, on, after, limit, unit)
    return [SectionRow(**row) for row in rows]
