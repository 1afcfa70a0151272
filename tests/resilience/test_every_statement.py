"""Each part of the service is killed before and after every statement it says to the database."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import pytest

from tests.electronic_supervision.live.said import Said
from tests.resilience.canonical import Canonical, differences, dumped
from tests.resilience.feeding import by_bus, by_http
from tests.resilience.intact import all_heard, all_judged, all_sent, assert_intact, at_rest
from tests.resilience.life import Life
from tests.resilience.told import MONTH
from tests.resilience.town import PARTS, Town
from tests.resilience.victim import DIES_AT

Done = Callable[[Town, Sequence[Said]], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How far a part is followed: its points, and statements on both sides of which it dies."""

    is_done: Done
    points: int
    around: Sequence[str]


WAYS = {
    "intake": Way(
        is_done=all_heard,
        points=24,
        around=("BEGIN", "insert into seen", "select * from append", "COMMIT"),
    ),
    "loop": Way(
        is_done=all_judged,
        points=36,
        around=(
            "BEGIN",
            "with arrived as",
            "update docket set unit",
            "select * from append",
            "COMMIT",
        ),
    ),
    "relay": Way(
        is_done=all_sent,
        points=24,
        around=("BEGIN", "with ahead as", "update relay_cursor", "COMMIT"),
    ),
    "api": Way(
        is_done=all_heard,
        points=8,
        around=("BEGIN", "insert into seen", "select * from append", "COMMIT"),
    ),
}
AT_A_TIME = 3


@pytest.mark.parametrize("part", WAYS)
async def test_a_part_may_die_around_any_statement(
    city: Town, undisturbed: Canonical, part: str
) -> None:
    way = WAYS[part]
    city.start(*(other for other in PARTS if other != part))
    named = [f"{side} {each}" for each in way.around for side in ("before", "after")]
    left = list(MONTH)
    for point in [*map(str, range(1, way.points + 1)), *named]:
        told, left = left[:AT_A_TIME], left[AT_A_TIME:]
        victim = city.start(part, **{DIES_AT: point})
        died = await _fate(city, victim, part, told, way.is_done)
        assert point.isdecimal() or died.startswith(point), f"it did not die {point}: {died}"
    city.start(part)
    await (by_http if part == "api" else by_bus)(city, left)
    await at_rest(city, MONTH)
    await assert_intact(city)
    assert differences(undisturbed, await dumped(city)) == [], "promise 4, after deaths"


async def _fate(city: Town, victim: Life, part: str, told: Sequence[Said], is_done: Done) -> str:
    """Let it work on what is told until it dies or all is done; return where it died, if so."""
    if part == "api":
        feeding = asyncio.create_task(by_http(city, told))
    else:
        feeding = asyncio.create_task(by_bus(city, told))
    async with asyncio.timeout(30):
        while not victim.has_ended():
            if feeding.done() and await is_done(city, told):
                break
            await asyncio.sleep(0.01)
    victim.kill()
    await city.time_passes()
    if part == "api" and not feeding.done():
        # the next one will answer, and so must find what this one may have committed
        city.start(part)
        await feeding
        city.lives[-1].kill()
    await feeding
    found = re.search("^dies (.*)$", victim.said(), re.MULTILINE)
    return found[1] if found else ""
