"""The tables of people."""

from datetime import date
from typing import assert_never

import asyncpg

from kernel.store.store import VersionConflictError
from services.evaluation.domain.person_acts import (
    Event,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonRenamed,
    Position,
)
from services.evaluation.domain.refused import Refused
from services.evaluation.tables.there import make_sure_of_section, make_sure_of_unit

JOIN = """
insert into person (code, effective_from) values ($1, $2)
on conflict (code) do nothing returning code
"""
FIRST = """
insert into person_version (person, first_day, name, unit, section, duty)
values ($1, $2, $3, $4, $5, $6)
"""
RENAME = """
insert into person_version (person, first_day, name, unit, section, duty)
select person, $2, $3, unit, section, duty from person_version
where person = $1 order by first_day desc limit 1
on conflict (person, first_day) do update set name = excluded.name
"""
MOVE = """
insert into person_version (person, first_day, name, unit, section, duty)
select person, $2, name, $3, $4, $5 from person_version
where person = $1 order by first_day desc limit 1
on conflict (person, first_day) do update
set unit = excluded.unit, section = excluded.section, duty = excluded.duty
"""
LEAVE = "update person set closed_from = $2 where code = $1"


async def write_person(connection: asyncpg.Connection, event: Event) -> None:
    """Write what follows from an event.

    Raises Refused (`unit-not-there`, `section-not-there`), and VersionConflictError if the person
    was taken on since it was decided upon.
    """
    match event:
        case PersonJoined(code=code, effective_from=day, name=name, position=position):
            if not await connection.fetch(JOIN, code, day):
                raise VersionConflictError
            await _placed(connection, FIRST, (code, day, name), position, day)
        case PersonRenamed(code=code, effective_from=day, name=name):
            await connection.execute(RENAME, code, day, name)
        case PersonMoved(code=code, effective_from=day, position=position):
            await _placed(connection, MOVE, (code, day), position, day)
        case PersonLeft(code=code, effective_from=day):
            await connection.execute(LEAVE, code, day)
        case _:
            assert_never(event)


async def _placed(
    connection: asyncpg.Connection,
    statement: str,
    first: tuple[object, ...],
    position: Position,
    day: date,
) -> None:
    where = (position.unit, position.section, position.duty.value)
    try:
        await connection.execute(statement, *first, *where)
    except asyncpg.ForeignKeyViolationError as error:
        is_unit = error.constraint_name == "person_version_unit_fkey"
        what = "unit" if is_unit else "section"
        raise Refused(f"{what}-not-there", field=what) from error
    await make_sure_of_unit(connection, position.unit, day)
    await make_sure_of_section(connection, position.section, position.unit, day)
