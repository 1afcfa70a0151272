"""The tables of sections."""

from typing import assert_never

import asyncpg

from kernel.store.store import VersionConflictError
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.section import Event, SectionClosed, SectionOpened, SectionRenamed
from services.evaluation.tables.there import make_sure_of_unit

OPEN = """
insert into section (code, unit, effective_from) values ($1, $2, $3)
on conflict (code) do nothing returning code
"""
VERSION = """
insert into section_version (section, first_day, name) values ($1, $2, $3)
on conflict (section, first_day) do update set name = excluded.name
"""
CLOSE = "update section set closed_from = $2 where code = $1"


async def write_section(connection: asyncpg.Connection, event: Event) -> None:
    """Write what follows from an event.

    Raises Refused (`unit-not-there`), and VersionConflictError if the section was opened since it
    was decided upon.
    """
    match event:
        case SectionOpened():
            await _open(connection, event)
        case SectionRenamed(code=code, effective_from=day, name=name):
            await connection.execute(VERSION, code, day, name)
        case SectionClosed(code=code, effective_from=day):
            await connection.execute(CLOSE, code, day)
        case _:
            assert_never(event)


async def _open(connection: asyncpg.Connection, event: SectionOpened) -> None:
    day = event.effective_from
    try:
        opened = await connection.fetch(OPEN, event.code, event.unit, day)
    except asyncpg.ForeignKeyViolationError as error:
        raise Refused("unit-not-there", field="unit") from error
    if not opened:
        raise VersionConflictError
    await connection.execute(VERSION, event.code, day, event.name)
    await make_sure_of_unit(connection, event.unit, day)
