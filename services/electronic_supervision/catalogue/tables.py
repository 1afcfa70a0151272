"""The tables of the catalogue, written in the transaction of the events they follow from."""

from collections.abc import Sequence
from typing import assert_never

import asyncpg
from pydantic import TypeAdapter

from kernel.store.store import VersionConflictError, read
from services.electronic_supervision.catalogue.store import CODEC, STREAMS
from services.electronic_supervision.domain.catalogue.item_acts import (
    Event,
    ItemAlias,
    ItemAliasAdded,
    ItemAliasRemoved,
    ItemPublished,
    ItemRevised,
    ItemWithdrawn,
)
from services.electronic_supervision.domain.catalogue.item_content import ItemContent
from services.electronic_supervision.domain.refused import Refused

# who appends writes here first: while it is locked, the catalogue is complete and stays as it is
LOCK = "lock table item, item_version, item_alias in share row exclusive mode"
EMPTY = "delete from item_alias; delete from item_version; delete from item;"

PUBLISH = """
insert into item (code, since) values ($1, $2) on conflict (code) do nothing returning code
"""
# what is put right on its own day was never so, but it was said
VERSION = """
insert into item_version (
    item, first_day, number, name, unit, nature, arrangement, guide, content, is_backdated
)
select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9
from item_version where item = $1
on conflict (item, first_day) do update
set number = excluded.number, name = excluded.name, unit = excluded.unit,
    nature = excluded.nature, arrangement = excluded.arrangement, guide = excluded.guide,
    content = excluded.content, is_backdated = excluded.is_backdated
"""
# in order, else two items that want the same aliases could wait for each other
CLAIM = """
insert into item_alias (item, source, code)
select $1, source, code from unnest($2::text[], $3::text[]) as wanted (source, code)
order by source, code
on conflict (source, code) do nothing
returning code
"""
DROP = "delete from item_alias where item = $1 and source = $2 and code = $3"
WITHDRAW = "update item set withdrawn_from = $2 where code = $1"

CONTENT: TypeAdapter[ItemContent] = TypeAdapter(ItemContent)


async def write(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Write what follows from new events.

    Raises Refused `alias-taken`, and VersionConflictError if an item was published since it was
    decided upon.
    """
    for event in events:
        match event:
            case ItemPublished(code=code, effective_from=day, aliases=aliases):
                if not await connection.fetch(PUBLISH, code, day):
                    raise VersionConflictError
                await _version(connection, event)
                await _claim(connection, code, aliases, field="aliases")
            case ItemRevised():
                await _version(connection, event)
            case ItemWithdrawn(code=code, effective_from=day):
                await connection.execute(WITHDRAW, code, day)
            case ItemAliasAdded(code=code, alias=alias):
                await _claim(connection, code, [alias], field="code")
            case ItemAliasRemoved(code=code, alias=alias):
                await connection.execute(DROP, code, alias.source, alias.code)
            case _:
                assert_never(event)


async def rebuild(connection: asyncpg.Connection) -> None:
    """Make the tables anew from the record; meanwhile they can be read, and commands wait."""
    async with connection.transaction():
        await connection.execute(LOCK)
        await connection.execute(EMPTY)
        async for stored in read(connection):
            if stored.stream.startswith(STREAMS):
                await write(connection, [CODEC.decode(stored.type, stored.data)])


async def _version(connection: asyncpg.Connection, event: ItemPublished | ItemRevised) -> None:
    content = event.content
    await connection.execute(
        VERSION,
        event.code,
        event.effective_from,
        content.name,
        content.unit,
        content.nature.value,
        content.arrangement.value,
        content.guide_published,
        CONTENT.dump_json(content).decode(),
        event.is_backdated,
    )


async def _claim(
    connection: asyncpg.Connection, item: str, aliases: Sequence[ItemAlias], *, field: str
) -> None:
    sources, codes = [each.source for each in aliases], [each.code for each in aliases]
    if len(await connection.fetch(CLAIM, item, sources, codes)) < len(aliases):
        raise Refused("alias-taken", field=field)
