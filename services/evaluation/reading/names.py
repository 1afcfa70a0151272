"""What units, sections and people are called, by their codes."""

from collections.abc import Iterable, Mapping

import asyncpg

NAMES = """
select distinct on (kind, code) kind, code, name from (
    select 'unit' as kind, unit as code, name, first_day from unit_version
    where unit = any($1::text[])
    union all
    select 'section', section, name, first_day from section_version
    where section = any($1::text[])
    union all
    select 'person', person, name, first_day from person_version
    where person = any($1::text[])
) told
order by kind, code, first_day desc
"""

Names = Mapping[tuple[str, str], str]
"""By kind (`unit`, `section`, `person`) and code."""


async def names(connection: asyncpg.Connection, codes: Iterable[str]) -> Names:
    """Return the last names of those of these codes that are in the register."""
    rows = await connection.fetch(NAMES, sorted(set(codes)))
    return {(row["kind"], row["code"]): row["name"] for row in rows}
