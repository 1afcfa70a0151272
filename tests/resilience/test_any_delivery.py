"""The same facts by either door, in any order, batch and number, come to the same (promise 4)."""

import asyncio
from random import Random

import pytest

from tests.resilience.canonical import Canonical
from tests.resilience.feeding import by_bus, posted
from tests.resilience.recovery import assert_recovered
from tests.resilience.told import MONTH
from tests.resilience.town import Town

LARGEST_BATCH = 25


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_delivery_does_not_matter(city: Town, undisturbed: Canonical, seed: int) -> None:
    chance = Random(seed)
    await city.start().listening()
    bus, http = [list(MONTH) + chance.choices(MONTH, k=60) for _ in range(2)]
    chance.shuffle(bus)
    chance.shuffle(http)
    # each is told by one of the doors at least, some by both
    bus = [each for each in bus if chance.random() < 0.7]
    missing = [each for each in MONTH if each not in bus and each not in http]
    assert missing == []

    async def in_batches() -> None:
        left = http
        while left:
            size = chance.randint(1, LARGEST_BATCH)
            assert await posted(city, *left[:size])
            left = left[size:]

    async with asyncio.TaskGroup() as group:
        group.create_task(by_bus(city, bus))
        group.create_task(in_batches())
    await assert_recovered(city, MONTH, undisturbed)
