"""Each event is new once, however often, by however many connections and in whatever company."""

import asyncio
import json
import random

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.intake.heard import Heard, hear
from kernel.intake.seen import Novelty, note
from tests.electronic_supervision.live.said import FIVE_DAYS, Said, accepted

AT = "2026-11-23 10:00"
NEW, DUPLICATE, REUSED = Novelty.NEW, Novelty.DUPLICATE, Novelty.ID_REUSED
SAID = accepted(AT)
DATA = {"case": "办件1", "unit": "housing", "item": "许可", "stated_limit": FIVE_DAYS}


def heard(said: Said, **changed: object) -> Heard:
    return hear(json.dumps({**said, **changed}).encode())


async def test_an_event_is_new_once_within_a_batch_and_across_batches(
    record: asyncpg.Connection,
) -> None:
    one, two = heard(accepted(AT)), heard(accepted(AT))
    assert await note(record, [one, two, one]) == [NEW, NEW, DUPLICATE]
    assert await note(record, [two, one]) == [DUPLICATE, DUPLICATE]
    assert await note(record, []) == []


async def test_the_same_id_of_another_source_is_another_event(record: asyncpg.Connection) -> None:
    other = heard(SAID, source="/wuhu/police")
    assert await note(record, [heard(SAID), other]) == [NEW, NEW]


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_id_used_again_for_other_content_is_told_and_the_first_counts(
    record: asyncpg.Connection, at_once: bool
) -> None:
    first, other = heard(SAID), heard(SAID, time="2026-11-23T11:00:00+08:00")
    if at_once:
        assert await note(record, [first, other, first]) == [NEW, REUSED, DUPLICATE]
    else:
        assert await note(record, [first]) == [NEW]
        assert await note(record, [other, first]) == [REUSED, DUPLICATE]


@pytest.mark.parametrize(
    "changed",
    [
        {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"},
        {"knativearrivaltime": "2026-11-23T10:00:00Z"},
        {"data": {**DATA, "colour": "red"}},
        {"data": {**DATA, "time_known": "instant"}},
        {"data": {**DATA, "holder": None}},
        {"datacontenttype": "application/json"},
    ],
)
async def test_what_is_no_content_makes_no_other_event(
    record: asyncpg.Connection, changed: Said
) -> None:
    assert await note(record, [heard(SAID)]) == [NEW]
    assert await note(record, [heard(SAID, **changed)]) == [DUPLICATE]


async def test_connections_that_note_overlapping_batches_each_wait_and_none_is_new_twice(
    server: Postgres, record: asyncpg.Connection
) -> None:
    schema = await record.fetchval("select current_schema()")
    events = [heard(accepted(AT)) for _ in range(120)]
    chance = random.Random(1)

    async def take() -> list[str]:
        connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
        new: list[str] = []
        for _ in range(5):
            batch = chance.sample(events, 80)
            async with connection.transaction():
                told = await note(connection, batch)
            new += [e.event.id for e, n in zip(batch, told, strict=True) if n is NEW]
        await connection.close()
        return new

    told = await asyncio.gather(*(take() for _ in range(4)))
    new = [id_ for each in told for id_ in each]
    assert len(new) == len(set(new)), "an event was new twice"
    noted = await record.fetchval("select count(*) from seen")
    assert len(new) == noted, "an event was noted and new to nobody"


async def test_what_is_rolled_back_was_never_seen(record: asyncpg.Connection) -> None:
    undone = record.transaction()
    await undone.start()
    assert await note(record, [heard(SAID)]) == [NEW]
    await undone.rollback()
    assert await note(record, [heard(SAID)]) == [NEW]
