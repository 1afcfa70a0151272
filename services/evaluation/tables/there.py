"""Whether what an event refers to is there on its day; held so until the transaction ends."""

from datetime import date

import asyncpg

from services.evaluation.domain.refused import Refused

# share: it can not end meanwhile; who writes asks last, after its own table let it in
UNIT = """
select from unit
where code = $1 and effective_from <= $2 and (closed_from is null or $2 < closed_from) for share
"""
SECTION = """
select from section
where code = $1 and unit = $3 and effective_from <= $2
  and (closed_from is null or $2 < closed_from) for share
"""
PERSON = """
select from person
where code = $1 and effective_from <= $2 and (closed_from is null or $2 < closed_from) for share
"""


async def make_sure_of_unit(connection: asyncpg.Connection, unit: str, day: date) -> None:
    """Raises Refused `unit-not-there`."""
    if not await connection.fetch(UNIT, unit, day):
        raise Refused("unit-not-there", field="unit")


async def make_sure_of_section(
    connection: asyncpg.Connection, section: str | None, unit: str, day: date
) -> None:
    """Raises Refused `section-not-there`, also for one of another unit."""
    if section is not None and not await connection.fetch(SECTION, section, day, unit):
        raise Refused("section-not-there", field="section")


async def make_sure_of_person(connection: asyncpg.Connection, person: str, day: date) -> None:
    """Raises Refused `person-not-there`."""
    if not await connection.fetch(PERSON, person, day):
        raise Refused("person-not-there", field="person")
