"""People as they stand, or as they stood on a day."""

from dataclasses import dataclass
from datetime import date

import asyncpg

SELECT = """
select p.code, v.name, v.unit, v.section, v.duty, v.first_day as since, p.effective_from,
       p.closed_from
from person p
join lateral (
    select w.* from person_version w
    where w.person = p.code and w.first_day <= coalesce($1::date, 'infinity')
    order by w.first_day desc limit 1
) v on true
"""
OF_CODE = f"{SELECT} where p.code = $2"
AFTER = f"""{SELECT}
where p.code > $2 and ($4::text is null or v.unit = $4)
  and ($1::date is null
       or p.effective_from <= $1 and (p.closed_from is null or $1 < p.closed_from))
order by p.code limit $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person; `since` is the day of the last change, `closed_from` the first without him."""

    code: str
    name: str
    unit: str
    section: str | None
    duty: str
    since: date
    effective_from: date
    closed_from: date | None


async def person(
    connection: asyncpg.Connection, code: str, on: date | None = None
) -> PersonRow | None:
    """Return a person, None if he never joined, or not yet on that day."""
    row = await connection.fetchrow(OF_CODE, on, code)
    return None if row is None else PersonRow(**row)


async def people(
    connection: asyncpg.Connection,
    *,
    after: str,
    limit: int,
    unit: str | None = None,
    on: date | None = None,
) -> list[PersonRow]:
    """Return the people whose codes follow one, in order; of a unit, and there on a day."""
    rows = await connection.fetch(AFTER, on, after, limit, unit)
    return [PersonRow(**row) for row in rows]
