"""Of two processes for one task, the one at work is stopped beyond its lease, and wakes again."""

import asyncio

import pytest

from tests.resilience.canonical import Canonical
from tests.resilience.deadline import comes_true
from tests.resilience.feeding import by_bus, by_http
from tests.resilience.intact import at_rest
from tests.resilience.life import Life
from tests.resilience.recovery import assert_recovered
from tests.resilience.told import MONTH
from tests.resilience.town import PARTS, Town
from tests.resilience.victim import FREEZES_AT

HALF = len(MONTH) // 2

REFUSALS = {
    ("relay", "before BEGIN"): "LeaseLostError",  # sent, and its cursor not yet set
    ("relay", "after with ahead as"): "RefusedError",  # read, and not yet sent: the fence
    (
        "loop",
        "before BEGIN; behind select position, horizon",
    ): "lease lost",  # knows of work, and has not begun
}
"""Where a zombie is stopped, and how its write is refused, by its own log."""


@pytest.mark.parametrize(("part", "where"), REFUSALS)
async def test_a_zombie_writes_nothing(
    city: Town, undisturbed: Canonical, part: str, where: str
) -> None:
    city.start(*(other for other in PARTS if other != part))
    zombie = city.start(part, **{FREEZES_AT: where})
    await by_bus(city, MONTH[:HALF])
    await _frozen(zombie)
    follower = city.start(part)
    await at_rest(city, MONTH[:HALF])
    zombie.thaw()
    await by_bus(city, MONTH[HALF:])
    await _says(zombie, REFUSALS[part, where])
    await assert_recovered(city, MONTH, undisturbed)
    assert not follower.has_ended()


@pytest.mark.parametrize("part", ["loop", "api"])
async def test_one_that_stops_with_the_record_locked_stops_the_others_for_seconds_only(
    city: Town, undisturbed: Canonical, part: str
) -> None:
    city.start(*(other for other in PARTS if other != part))
    zombie = city.start(part, **{FREEZES_AT: "after select * from append"})
    first = asyncio.create_task((by_http if part == "api" else by_bus)(city, MONTH[:1]))
    await _frozen(zombie)
    follower = city.start(part, **({"XIAONENG_HTTP_PORT": "0"} if part == "api" else {}))
    if part != "api":
        await by_http(city, MONTH[1:HALF])
    await by_bus(city, MONTH[HALF:])
    await at_rest(city, MONTH[HALF:])
    zombie.thaw()
    await first
    await (by_http if part == "api" else by_bus)(city, MONTH[:HALF])
    await assert_recovered(city, MONTH, undisturbed)
    assert not zombie.has_ended(), zombie.said()[-2000:]
    assert not follower.has_ended()


async def _frozen(life: Life) -> None:
    async def still_moves() -> object:
        return None if life.is_frozen() else "moving"

    await comes_true("the zombie-to-be comes to its point", still_moves)


async def _says(life: Life, word: str) -> None:
    async def is_silent() -> object:
        return None if word in life.said() else life.said()[-500:]

    await comes_true(f"promise 2: the zombie's write is refused ({word})", is_silent)
