"""Who reports at the same moment shares a transaction, and nobody suffers for another."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from kernel.bell import Bell
from kernel.database import instant, open_pool
from kernel.intake.heard import Heard, hear
from kernel.intake.seen import Novelty
from services.electronic_supervision.api.entrance import Entrance
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.reading.desk import Desk
from tests.electronic_supervision.live.conftest import OFFICE, Supervision
from tests.electronic_supervision.live.said import accepted, local, raw

AT = "2026-11-23 10:00"


@pytest.fixture
async def entrance(supervision: Supervision) -> AsyncIterator[Entrance]:
    pool = await open_pool(supervision.url, supervision.settings["search_path"])
    desk = Desk(
        pool=pool,
        court=Court(law=stated_law(OFFICE), settle={}),
        facts=Bell(pool, "facts"),
        clock=lambda: local(AT),
        now=instant,
    )
    yield Entrance(desk)
    await pool.close()


def told(case: str) -> Heard:
    return hear(raw(accepted(AT, case)))


async def facts(supervision: Supervision) -> int:
    count: int = await supervision.connection.fetchval("select count(*) from event")
    return count


async def test_many_who_come_at_once_are_all_taken_in_few_transactions(
    entrance: Entrance, supervision: Supervision
) -> None:
    calls = [entrance.enter([told(f"办件{number}")]) for number in range(200)]
    outcomes = [outcome for call in await asyncio.gather(*calls) for outcome in call]
    assert {outcome.novelty for outcome in outcomes} == {Novelty.NEW}
    assert await facts(supervision) == 200
    shared = await supervision.connection.fetchval("select count(distinct xmin::text) from event")
    assert shared < 20


async def test_of_the_same_event_told_by_many_at_once_one_is_new(
    entrance: Entrance, supervision: Supervision
) -> None:
    same = told("办件1")
    outcomes = await asyncio.gather(*(entrance.enter([same]) for _ in range(20)))
    novelties = [outcome.novelty for (outcome,) in outcomes]
    assert novelties.count(Novelty.NEW) == 1
    assert novelties.count(Novelty.DUPLICATE) == 19
    assert await facts(supervision) == 1


async def test_an_event_that_can_not_be_stored_spoils_nobody_elses(
    entrance: Entrance, supervision: Supervision
) -> None:
    spoilt = replace(told("坏"), text="\0")
    calls = [entrance.enter([told("好1")]), entrance.enter([spoilt]), entrance.enter([told("好2")])]
    first, bad, last = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(bad, asyncpg.PostgresError)
    assert not isinstance(first, BaseException)
    assert not isinstance(last, BaseException)
    assert await facts(supervision) == 2


async def test_a_caller_who_hangs_up_takes_nobody_with_him(
    entrance: Entrance, supervision: Supervision
) -> None:
    gone = asyncio.create_task(entrance.enter([told("走")]))
    stays = asyncio.create_task(entrance.enter([told("留")]))
    await asyncio.sleep(0)
    gone.cancel()
    (outcome,) = await stays
    assert outcome.novelty is Novelty.NEW
    assert await facts(supervision) == 2


async def test_each_caller_hears_of_his_own_events(entrance: Entrance) -> None:
    known = told("已知")
    await entrance.enter([known])
    mixed = entrance.enter([told("新1"), known, told("新2")])
    other = entrance.enter([known])
    first, second = await asyncio.gather(mixed, other)
    assert [outcome.novelty for outcome in first] == [
        Novelty.NEW,
        Novelty.DUPLICATE,
        Novelty.NEW,
    ]
    assert [outcome.novelty for outcome in second] == [Novelty.DUPLICATE]
