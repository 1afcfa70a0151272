"""Two hundred kills in one run, of any part at any time, while a city goes on telling."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

from tests.electronic_supervision.live.said import Said
from tests.resilience.canonical import Canonical
from tests.resilience.feeding import by_bus, by_http
from tests.resilience.recovery import assert_recovered
from tests.resilience.told import MONTH
from tests.resilience.town import PARTS, Town

SEED = 20260302
KILLS = 200
LONGEST_SECONDS = 0.25
"""Between two kills; a process lives for four of these times on average, half of it starting."""


@asynccontextmanager
async def telling(town: Town, told: Sequence[Said]) -> AsyncIterator[None]:
    """Tell it all by both doors, from both ends, again and again, but once to its end at least."""
    is_over = asyncio.Event()

    async def bus() -> None:
        while True:
            await by_bus(town, told, pause=0.05)
            if is_over.is_set():
                return

    async def http() -> None:
        while True:
            await by_http(town, told[::-1], pause=0.05)
            if is_over.is_set():
                return

    async with asyncio.TaskGroup() as group:
        group.create_task(bus())
        group.create_task(http())
        yield
        is_over.set()


async def test_two_hundred_kills_leave_no_trace(city: Town, undisturbed: Canonical) -> None:
    chance = Random(SEED)
    living = {part: city.start(part) for part in PARTS}
    async with telling(city, MONTH):
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0, LONGEST_SECONDS))
            part = chance.choice(PARTS)
            living[part].kill()
            await city.time_passes()
            living[part] = city.start(part)
        meanwhile = await city.asked("select count(*) as events from event")
    assert meanwhile[0]["events"] > len(MONTH), "nothing was judged while parts were killed"
    await assert_recovered(city, MONTH, undisturbed)
