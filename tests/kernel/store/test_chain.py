"""A record that was tampered with is found out."""

from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from kernel.store.chain import Break, Head, verify
from kernel.store.events import NewEvent
from kernel.store.store import append, read

NOW = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)
FILED = NewEvent(stream="投诉-1", id="1", type="Filed", data='{"about": "噪音 noise"}')


async def filled(record: asyncpg.Connection) -> Head:
    for number in range(1, 6):
        await append(record, [replace(FILED, id=str(number))], NOW)
    head = await record.fetchval("select hash from event where position = 5")
    return Head(position=5, hash=head)


async def test_an_untouched_record_holds(record: asyncpg.Connection) -> None:
    head = await filled(record)
    assert await verify(read(record), [head]) == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("update event set data = '{}' where position = 3", Break(position=3, what="altered")),
        ("update event set metadata = '[]' where position = 1", Break(position=1, what="altered")),
        ("update event set stream = 'x' where position = 5", Break(position=5, what="altered")),
        (
            "update event set recorded_at = recorded_at + interval '1 us' where position = 2",
            Break(position=2, what="altered"),
        ),
        (
            "update event set hash = sha256('x') where position = 4",
            Break(position=4, what="altered"),
        ),
        ("delete from event where position = 2", Break(position=2, what="missing")),
        ("delete from event where position = 1", Break(position=1, what="missing")),
        ("delete from event where position = 5", Break(position=5, what="cut")),
    ],
)
async def test_altering_deleting_and_cutting_are_found(
    record: asyncpg.Connection, tampering: str, found: Break
) -> None:
    head = await filled(record)
    await record.execute(tampering)
    assert found in await verify(read(record), [head])


async def test_a_tail_cut_and_written_anew_is_found_by_the_head_noted_before(
    record: asyncpg.Connection,
) -> None:
    head = await filled(record)
    await record.execute("delete from event where position = 5")
    await append(record, [replace(FILED, id="forged")], NOW)
    assert await verify(read(record), []) == [], "the chain alone can not tell"
    assert await verify(read(record), [head]) == [Break(position=5, what="cut")]
