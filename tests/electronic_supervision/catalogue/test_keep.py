"""What is recorded, published and kept in tables when the catalogue changes."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from contracts.registry import short_name
from contracts.wire import read
from kernel.database import borrowed
from services.electronic_supervision.catalogue.keep import carry_out
from services.electronic_supervision.catalogue.store import CODEC, load_catalogue
from services.electronic_supervision.catalogue.tables import rebuild
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    RemoveItemAlias,
)
from services.electronic_supervision.domain.catalogue.item_content import ItemContent, Unstated
from services.electronic_supervision.domain.refused import Refused
from tests.contracts.published_schemas import validator
from tests.electronic_supervision.domain.catalogue.items import (
    ALIAS,
    CODE,
    JUNE,
    NEW_YEAR,
    PERMIT,
    PUBLISHING,
    REVISING,
    SHORTER,
    WITHDRAWING,
    clock,
    office,
    told,
    working,
)

NOW = datetime(2011, 12, 1, 1, tzinfo=UTC)
ACTING: Mapping[str, str] = {"by": "operator", "role": "office", "unit": ""}
TABLES = {
    "item": "select * from item order by 1",
    "item_version": "select * from item_version order by 1, 2",
    "item_alias": "select * from item_alias order by 1, 2",
}


async def tell(connection: asyncpg.Connection, *commands: Command) -> None:
    for command in commands:
        await carry_out(connection, command, now=NOW, acting=ACTING)


async def dump(connection: asyncpg.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: [tuple(row) for row in await connection.fetch(query)]
        for table, query in TABLES.items()
    }


async def count(connection: asyncpg.Connection) -> tuple[int, int]:
    """Return how much was recorded and published."""
    row = await connection.fetchrow(
        "select (select count(*) from event) e, (select count(*) from publication) p"
    )
    assert row is not None
    return row["e"], row["p"]


async def test_the_catalogue_that_is_read_from_the_record_is_the_one_that_was_told(
    connection: asyncpg.Connection,
) -> None:
    other = replace(PUBLISHING, code="K2", content=replace(PERMIT, fee=None))
    alias = AddItemAlias(code=CODE, alias=ALIAS)
    await tell(connection, PUBLISHING, alias, other, REVISING)
    catalogue = await load_catalogue(connection)
    assert [each.content for each in catalogue.versions(CODE)] == [PERMIT, SHORTER]
    called = catalogue.item(ALIAS.code, NEW_YEAR, ALIAS.source)
    assert called is not None
    assert called.content == PERMIT
    assert [each.content.fee for each in catalogue.versions("K2")] == [None]


@pytest.mark.parametrize(
    "content",
    [
        PERMIT,
        replace(PERMIT, fee=None),
        replace(PERMIT, fee=Unstated.NOT_STATED),
        replace(PERMIT, promised=clock(90), green_card=None),
        replace(PERMIT, promised=office(90), green_card=None),
    ],
)
def test_an_event_is_stored_whole(content: ItemContent) -> None:
    (event,) = told(replace(PUBLISHING, content=content))
    assert CODEC.decode(*CODEC.encode(event)) == event


async def test_versions_are_published_in_the_common_language(
    connection: asyncpg.Connection,
) -> None:
    alias = AddItemAlias(code=CODE, alias=ALIAS)
    await tell(connection, PUBLISHING, alias, REVISING, WITHDRAWING)
    rows = await connection.fetch("select body, subject from publication order by sequence")
    events = [read(row["body"].encode()) for row in rows]
    assert [each.type.split(".")[2] for each in events] == [
        "item-published",
        "item-published",
        "item-withdrawn",
    ]
    for row, event in zip(rows, events, strict=True):
        validator(short_name(event.type)).validate(json.loads(row["body"]))


async def test_a_command_told_again_under_its_key_happens_once_even_on_another_day(
    connection: asyncpg.Connection,
) -> None:
    for day in (NEW_YEAR, JUNE):
        again = replace(PUBLISHING, said_on=day, reason="补录")
        await carry_out(connection, again, now=NOW, acting=ACTING, key="k")
    assert await count(connection) == (1, 1)


async def test_two_items_are_never_meant_by_one_code_of_a_system(pool: asyncpg.Pool) -> None:
    codes = [f"K{number}" for number in range(6)]

    async def claim(code: str) -> str:
        async with borrowed(pool) as connection:
            try:
                await tell(connection, AddItemAlias(code=code, alias=ALIAS))
            except Refused as refused:
                return refused.code
        return ""

    async with borrowed(pool) as connection:
        await tell(connection, *(replace(PUBLISHING, code=code) for code in codes))
    outcomes = await asyncio.gather(*(claim(code) for code in codes))
    assert sorted(outcomes) == ["", *["alias-taken"] * 5]


async def test_what_is_refused_leaves_nothing_behind(connection: asyncpg.Connection) -> None:
    await tell(connection, replace(PUBLISHING, aliases=(ALIAS,)))
    before = await dump(connection), await count(connection)
    with pytest.raises(Refused, match="alias-taken"):
        await tell(connection, replace(PUBLISHING, code="K2", aliases=(ALIAS,)))
    assert (await dump(connection), await count(connection)) == before


async def test_the_tables_can_be_made_anew_from_the_record(connection: asyncpg.Connection) -> None:
    correction = replace(REVISING, content=replace(PERMIT, promised=working(6)))
    await tell(
        connection,
        PUBLISHING,
        AddItemAlias(code=CODE, alias=ALIAS),
        REVISING,
        correction,
        replace(PUBLISHING, code="K2"),
        RemoveItemAlias(code=CODE, alias=ALIAS),
        AddItemAlias(code="K2", alias=ALIAS),
        WITHDRAWING,
    )
    before = await dump(connection)
    assert [len(rows) for rows in before.values()] == [2, 3, 1]
    await rebuild(connection)
    assert await dump(connection) == before
