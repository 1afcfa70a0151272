"""The tables of posts, of who holds them, and of who is away."""

from typing import assert_never

import asyncpg

from kernel.store.store import VersionConflictError
from services.evaluation.domain.post_acts import (
    Event,
    HolderAppointed,
    HolderRelieved,
    HolderReturned,
    HolderWentAway,
    PostAbolished,
    PostEstablished,
    PostRenamed,
)
from services.evaluation.domain.refused import Refused
from services.evaluation.tables.there import (
    make_sure_of_person,
    make_sure_of_section,
    make_sure_of_unit,
)

ESTABLISH = """
insert into post (code, unit, section, effective_from) values ($1, $2, $3, $4)
on conflict (code) do nothing returning code
"""
VERSION = """
insert into post_version (post, first_day, name) values ($1, $2, $3)
on conflict (post, first_day) do update set name = excluded.name
"""
APPOINT = """
insert into tenure (post, place, first_day, person) values ($1, $2, $3, $4)
on conflict (post, place, first_day) do update set person = excluded.person, end_day = null
"""
END = """
update tenure set end_day = $3
where post = $1 and place = $2 and end_day is null and first_day <= $3
"""
AWAY = """
insert into absence (post, place, first_day, person, last_day) values ($1, $2, $3, $4, $5)
on conflict (post, place, first_day) do update
set person = excluded.person, last_day = excluded.last_day
"""
BACK = """
update absence set last_day = $4::date - 1 where post = $1 and place = $2 and first_day = $3
"""
ABOLISH = "update post set closed_from = $2 where code = $1"


async def write_post(connection: asyncpg.Connection, event: Event) -> None:
    """Write what follows from an event.

    Raises Refused (`unit-not-there`, `section-not-there`, `person-not-there`), and
    VersionConflictError if the post was established since it was decided upon.
    """
    match event:
        case PostEstablished():
            await _establish(connection, event)
        case PostRenamed(code=code, effective_from=day, name=name):
            await connection.execute(VERSION, code, day, name)
        case HolderAppointed():
            await _appoint(connection, event)
        case HolderRelieved(code=code, place=place, effective_from=day):
            await connection.execute(END, code, place.value, day)
        case HolderWentAway(code=code, place=place, first_day=first, last_day=last):
            await connection.execute(AWAY, code, place.value, first, event.person, last)
        case HolderReturned(code=code, place=place, first_day=first, effective_from=day):
            await connection.execute(BACK, code, place.value, first, day)
        case PostAbolished(code=code, effective_from=day):
            await connection.execute(ABOLISH, code, day)
        case _:
            assert_never(event)


async def _establish(connection: asyncpg.Connection, event: PostEstablished) -> None:
    day = event.effective_from
    try:
        made = await connection.fetch(ESTABLISH, event.code, event.unit, event.section, day)
    except asyncpg.ForeignKeyViolationError as error:
        what = "unit" if error.constraint_name == "post_unit_fkey" else "section"
        raise Refused(f"{what}-not-there", field=what) from error
    if not made:
        raise VersionConflictError
    await connection.execute(VERSION, event.code, day, event.name)
    await make_sure_of_unit(connection, event.unit, day)
    await make_sure_of_section(connection, event.section, event.unit, day)


async def _appoint(connection: asyncpg.Connection, event: HolderAppointed) -> None:
    row = (event.code, event.place.value, event.effective_from)
    await connection.execute(END, *row)
    try:
        await connection.execute(APPOINT, *row, event.person)
    except asyncpg.ForeignKeyViolationError as error:
        raise Refused("person-not-there", field="person") from error
    await make_sure_of_person(connection, event.person, event.effective_from)
