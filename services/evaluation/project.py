"""The tables of the register, written in the transaction of the events they follow from.

Not later, by a follower: whether a code of a city system is free, or a unit is there on a day, can
only be promised where the very append can still be refused.
"""

from collections.abc import Sequence

import asyncpg

from kernel.store.store import read
from services.evaluation.domain import post_acts, section, unit_acts
from services.evaluation.store import CODEC, STREAMS, Event
from services.evaluation.tables.people import write_person
from services.evaluation.tables.posts import write_post
from services.evaluation.tables.sections import write_section
from services.evaluation.tables.units import make_sure_of_end, write_unit

# who appends writes here first: while it is locked, the record is complete and stays as it is
LOCK = """
lock table unit, unit_alias, unit_version, section, section_version, person, person_version,
     post, post_version, tenure, absence in share row exclusive mode
"""
EMPTY = """
delete from absence; delete from tenure; delete from post_version; delete from post;
delete from person_version; delete from person; delete from section_version; delete from section;
delete from unit_version; delete from unit_alias; delete from unit;
"""


async def project(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Write what follows from new events.

    Raises Refused (`alias-taken`, `successor-unknown`, `successor-cycle`, `unit-not-there`,
    `section-not-there`, `person-not-there`), and VersionConflictError if an entry was made since it
    was decided upon.
    """
    for event in events:
        await _write(connection, event)
        if isinstance(event, unit_acts.Closed):
            await make_sure_of_end(connection, event)


async def rebuild(connection: asyncpg.Connection) -> None:
    """Make the tables anew from the record; meanwhile they can be read, and commands wait."""
    async with connection.transaction():
        await connection.execute(LOCK)
        await connection.execute(EMPTY)
        async for stored in read(connection):
            if stored.stream.startswith(STREAMS):
                await _write(connection, CODEC.decode(stored.type, stored.data))


async def _write(connection: asyncpg.Connection, event: Event) -> None:
    if isinstance(event, unit_acts.Event):
        await write_unit(connection, event)
    elif isinstance(event, section.Event):
        await write_section(connection, event)
    elif isinstance(event, post_acts.Event):
        await write_post(connection, event)
    else:
        await write_person(connection, event)
