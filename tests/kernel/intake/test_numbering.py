"""Whatever the delivery, the gaps are the numbers that did not come, and nothing else."""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.postgres import Postgres
from kernel.intake.numbering import GRACE, Gap, gaps, holes, note_numbers

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
LATER = NOW + GRACE
HUGE = 9 * 10**18
S = "/wuhu/s"

numbers = st.lists(st.integers(min_value=1, max_value=60), max_size=40)


def missing(heard: Sequence[int]) -> set[int]:
    return set(range(1, max(heard, default=0) + 1)) - set(heard)


def spread(found: Sequence[Gap]) -> set[int]:
    return {number for gap in found for number in range(gap.first, gap.last + 1)}


@given(st.lists(numbers, max_size=6))
def test_the_holes_are_what_a_set_says_is_missing(batches: list[list[int]]) -> None:
    last, found, heard = 0, list[range](), list[int]()
    for batch in batches:
        last, found = holes(last, batch, found)
        heard += batch
        assert last == max(heard, default=0)
        assert sorted(n for gap in found for n in gap) == sorted(missing(heard))
        assert all(found), "an empty gap is none"


@pytest.mark.parametrize("seed", range(25))
async def test_after_any_shuffled_and_doubled_delivery_the_gaps_are_what_is_missing(
    record: asyncpg.Connection, seed: int
) -> None:
    chance = random.Random(seed)
    told = chance.sample(range(1, 80), chance.randint(1, 70))
    delivery = [*told, *chance.choices(told, k=20)]
    chance.shuffle(delivery)
    heard: list[int] = []
    while delivery:
        size = chance.randint(1, 15)
        batch, delivery = delivery[:size], delivery[size:]
        await note_numbers(record, {S: batch, "/wuhu/t": [1, 2]}, NOW)
        heard += batch
        found = await gaps(record, LATER)
        assert spread(found) == missing(heard)
        assert len(spread(found)) == sum(gap.last - gap.first + 1 for gap in found)


async def test_a_number_may_be_late_for_a_while(record: asyncpg.Connection) -> None:
    await note_numbers(record, {S: [1, 3]}, NOW)
    assert await gaps(record, LATER - timedelta(microseconds=1)) == []
    assert await gaps(record, LATER) == [Gap(source=S, first=2, last=2)]


async def test_what_is_left_of_a_gap_was_missing_all_along(record: asyncpg.Connection) -> None:
    await note_numbers(record, {S: [1, 9]}, NOW)
    await note_numbers(record, {S: [5]}, LATER)
    left = [Gap(source=S, first=2, last=4), Gap(source=S, first=6, last=8)]
    assert await gaps(record, LATER) == left


async def test_a_gap_that_is_closed_is_shown_no_more(record: asyncpg.Connection) -> None:
    await note_numbers(record, {S: [4]}, NOW)
    await note_numbers(record, {S: [2, 3, 1]}, LATER)
    assert await gaps(record, LATER) == []


async def test_a_huge_jump_costs_nothing(record: asyncpg.Connection) -> None:
    began = time.monotonic()
    await note_numbers(record, {S: [1, HUGE, 2**63 - 1]}, NOW)
    assert await gaps(record, LATER) == [
        Gap(source=S, first=2, last=HUGE - 1),
        Gap(source=S, first=HUGE + 1, last=2**63 - 2),
    ]
    assert time.monotonic() - began < 5


async def test_a_source_with_very_many_gaps_is_read_as_fast_as_any(
    record: asyncpg.Connection,
) -> None:
    await record.execute(
        "insert into gap select $1, 2 * n, 2 * n, $2 from generate_series(1, 200000) n", S, NOW
    )
    await record.execute("insert into source_sequence values ($1, 400001)", S)
    await record.execute("analyze gap")
    began = time.monotonic()
    for number in range(20):
        await note_numbers(record, {S: [400_002 + number, 2 * number + 2]}, NOW)
    assert time.monotonic() - began < 5, "a source that skips numbers slows down all"
    assert len(await gaps(record, LATER)) == 1000


async def test_two_batches_of_a_new_source_do_not_both_count_from_nothing(
    server: Postgres, record: asyncpg.Connection
) -> None:
    schema = await record.fetchval("select current_schema()")
    other = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    first = record.transaction()
    await first.start()
    await note_numbers(record, {S: range(1, 11)}, NOW)
    second = asyncio.create_task(note_numbers(other, {S: [5, 12]}, NOW))
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and pid = $1"
    async with asyncio.timeout(10):
        while not await record.fetchval(waiting, other.get_server_pid()):
            assert not second.done(), "the second batch did not wait for the first"
            await asyncio.sleep(0.01)
    await first.commit()
    await second
    await other.close()
    assert await gaps(record, LATER) == [Gap(source=S, first=11, last=11)]
