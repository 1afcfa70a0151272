"""What others do must not hold up a city: nonsense on the bus, a snapshot that is held for long."""

import asyncio
import time
from collections.abc import Callable, Sequence

import nats

from tests.electronic_supervision.live.said import APPROVALS, Said, accepted, raw, subject
from tests.resilience.canonical import Canonical
from tests.resilience.feeding import by_bus, posted
from tests.resilience.intact import assert_intact, at_rest
from tests.resilience.recovery import all_is_well, assert_recovered
from tests.resilience.told import MONTH, month
from tests.resilience.town import Town

HELD_SECONDS = 60
WINDOW_SECONDS = 2
AT_ONCE = 20

GOOD = accepted("2026-03-02 10:00", "无人知晓")
POISON = (
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"[" * 5000,
    raw(GOOD).replace(b'"housing"', b'"hous\\u0000ing"'),
    raw(GOOD).replace(APPROVALS.source.encode(), b"/somebody/else"),
    raw(GOOD).replace("无人知晓".encode(), "别的办件".encode()),
    raw(GOOD).replace(b"case-accepted", b"case-invented"),
    b"x" * 500_000,
)
IN_QUARANTINE = "select count(*) from quarantine where settled is null"


async def test_poison_among_good_messages_hurts_nobody(city: Town, undisturbed: Canonical) -> None:
    city.start()
    for number, poison in enumerate(POISON):
        await by_bus(city, MONTH[number * 10 : number * 10 + 10])
        await _poisoned(city, poison)
    await by_bus(city, MONTH[len(POISON) * 10 :])
    await assert_recovered(city, MONTH, undisturbed)
    (row,) = await city.asked(IN_QUARANTINE)
    assert row["count"] == len(POISON), "promise 7: what cannot be read waits for people"


async def _poisoned(city: Town, poison: bytes) -> None:
    client = await nats.connect(city.stack.system_url, inbox_prefix=f"_INBOX_city-{APPROVALS.name}")
    await client.jetstream().publish(subject(GOOD), poison, headers={"Status": "503"})
    await client.close()


async def test_a_snapshot_held_for_long_stops_nothing(
    city: Town, record_testsuite_property: Callable[[str, object], None]
) -> None:
    await city.start().listening()
    told = month("长期", 40_000)
    free = await _rate(city, told[:0], told, WINDOW_SECONDS)
    connection = await city.stack.database()
    rates: list[int] = []
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        seen = await connection.fetchval("select count(*) from event")
        begun = free
        while len(rates) * WINDOW_SECONDS < HELD_SECONDS:
            rates.append(await _rate(city, told[:begun], told, WINDOW_SECONDS))
            begun += rates[-1]
        assert await connection.fetchval("select count(*) from event") == seen, "no snapshot"
    await connection.close()
    record_testsuite_property("events_per_window", {"free": free, "snapshot held": rates})
    assert min(rates) > 0, f"both doors go on under a snapshot: {rates}"
    slowest = sum(rates[-3:]) / 3
    assert slowest > rates[0] / 4, f"appending slows down under a snapshot: {free}, {rates}"
    await at_rest(city, told[:begun])
    await assert_intact(city)
    await all_is_well(city)


async def _rate(city: Town, before: Sequence[Said], told: Sequence[Said], seconds: float) -> int:
    """Tell what follows by both doors in turn, and return how much was acknowledged in time."""
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        some = told[len(before) + done :][:AT_ONCE]
        assert some, "there is not enough to tell"
        half = len(some) // 2
        acknowledged, _ = await asyncio.gather(
            posted(city, *some[:half]), by_bus(city, some[half:])
        )
        assert acknowledged
        done += len(some)
    return done
