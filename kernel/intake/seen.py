"""Each event is taken once, whichever door it comes by and however often."""

from collections.abc import Sequence
from enum import StrEnum

import asyncpg

from kernel.intake.heard import Heard

NOTE = """
insert into seen (source, id, digest)
select * from unnest($1::text[], $2::text[], $3::bytea[])
on conflict do nothing
returning source, id
"""
KNOWN = """
select source, id, digest from seen
join unnest($1::text[], $2::text[]) as asked(source, id) using (source, id)
"""


class Novelty(StrEnum):
    """What an event is to one who may have heard it before."""

    NEW = "new"
    DUPLICATE = "duplicate"
    ID_REUSED = "id-reused"


async def note(connection: asyncpg.Connection, heard: Sequence[Heard]) -> list[Novelty]:
    """Note events as heard, and tell for each whether it is new; part of their transaction.

    An event that another transaction is noting is waited for. The same id with other content is
    ID_REUSED, within one call too, where the first one counts.
    """
    first: dict[tuple[str, str], int] = {}
    for place, each in enumerate(heard):
        first.setdefault(each.key, place)
    # in one order for all, lest two doors that hear the same events wait for each other
    keys = sorted(first)
    columns = [[key[0] for key in keys], [key[1] for key in keys]]
    rows = await connection.fetch(NOTE, *columns, [heard[first[key]].digest for key in keys])
    fresh = {(row["source"], row["id"]) for row in rows}
    known = {key: heard[first[key]].digest for key in fresh}
    if len(fresh) < len(keys):
        for row in await connection.fetch(KNOWN, *columns):
            known.setdefault((row["source"], row["id"]), row["digest"])
    return [
        Novelty.ID_REUSED
        if known[each.key] != each.digest
        else Novelty.NEW
        if each.key in fresh and first[each.key] == place
        else Novelty.DUPLICATE
        for place, each in enumerate(heard)
    ]
