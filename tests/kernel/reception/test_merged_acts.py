"""The acts of several records in one list: in order, each once, however it is paged."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.database import open_pool
from kernel.reception.audit.merged import Entry, each, merged
from kernel.store.acts import Ledger, Wanted
from kernel.store.events import NewEvent
from kernel.store.migrate import migrate
from kernel.store.store import append

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALL = Wanted()
NUMBERS = count(1)
MINUTES = {"access": [0, 0, 1, 3, 3], "evaluation": [0, 1, 1, 3], "supervision": [3, 3, 0]}
"""When acts were recorded in each ledger, in minutes after nine; clocks of machines differ."""


@pytest.fixture
async def ledgers(server: Postgres) -> AsyncIterator[list[Ledger]]:
    made = []
    for name, minutes in MINUTES.items():
        schema = f"acts_of_{name}_{next(NUMBERS)}"
        settings = {"search_path": schema}
        connection = await asyncpg.connect(server.url(), server_settings=settings)
        await migrate(connection, schema, "kernel.store.migrations")
        for number, minute in enumerate(minutes):
            event = NewEvent(
                stream=name,
                id=f"{name}-{number}",
                type="Done",
                data="{}",
                metadata=json.dumps({"by": "zhang"}),
            )
            await append(connection, [event], MONDAY + timedelta(minutes=minute))
        await connection.close()
        pool = await open_pool(server.url(), schema)
        made.append(Ledger(name=name, title=name, pool=pool, words={}))
    yield made
    for ledger in made:
        await ledger.pool.close()


def places(entries: list[Entry]) -> list[tuple[datetime, str, int]]:
    return [entry.place for entry in entries]


@pytest.mark.parametrize("size", range(1, 14))
async def test_every_act_is_on_exactly_one_page(ledgers: list[Ledger], size: int) -> None:
    whole = places(await merged(ledgers, ALL, before=None, limit=99))
    assert len(whole) == sum(map(len, MINUTES.values()))
    assert whole == sorted(whole, reverse=True)
    paged: list[tuple[datetime, str, int]] = []
    before = None
    while found := places(await merged(ledgers, ALL, before=before, limit=size)):
        paged += found
        before = found[-1]
    assert paged == whole


async def test_an_export_ends_where_it_is_said_to(ledgers: list[Ledger]) -> None:
    taken = [entry async for entry in each(ledgers, ALL, most=7)]
    assert places(taken) == places(await merged(ledgers, ALL, before=None, limit=7))


async def test_a_record_alone_is_asked_for_alone(ledgers: list[Ledger]) -> None:
    found = await merged(ledgers[1:2], ALL, before=None, limit=99)
    assert {entry.ledger.name for entry in found} == {"evaluation"}
