"""Until when everything that was said is in: never later than is true (promise 8)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import nats.errors
import pytest
from prometheus_client import CollectorRegistry

from contracts.streams import CITY
from kernel.bell import Bell
from kernel.intake.heard import Message
from kernel.intake.metrics import IntakeMetrics
from kernel.intake.ready import keeps_up
from kernel.intake.watermark import Watermark
from tests.kernel.intake.town import NAME, Hearing, Town, subject, until, working


async def clock(town: Town) -> datetime:
    now: datetime = await town.pool.fetchval("select clock_timestamp()")
    return now


async def heard_through(town: Town, watermark: Watermark) -> datetime | None:
    await watermark.mark()
    through: datetime | None = (await town.checkpoint())["heard_through"]
    return through


async def moves_past(town: Town, watermark: Watermark, instant: datetime) -> None:
    async def moved() -> bool:
        through = await heard_through(town, watermark)
        return through is not None and through >= instant

    await until(moved, "once all is in, the mark moves")


async def test_while_nothing_is_said_time_goes_on(town: Town) -> None:
    watermark = await town.watermark()
    before = await clock(town)
    await watermark.mark()
    marked = await town.checkpoint()
    assert before <= marked["heard_through"] <= await clock(town)
    assert marked["stream_sequence"] == 0


async def test_once_all_is_committed_the_mark_moves_and_names_how_far(
    town: Town, hearing: Hearing
) -> None:
    watermark = await town.watermark()
    await town.say(b"1", b"2")
    said_by = await clock(town)
    async with town.hearing(hearing):
        await moves_past(town, watermark, said_by)
    assert (await town.checkpoint())["stream_sequence"] == 2 == await town.floor()


async def test_the_mark_stands_before_what_was_said_and_not_heard(town: Town) -> None:
    watermark = await town.watermark()
    before = await clock(town)
    await town.say(b"1")
    for _ in range(3):
        through = await heard_through(town, watermark)
        assert through is None or through < before


async def test_the_mark_stands_while_a_message_is_not_acknowledged(
    town: Town, hearing: Hearing
) -> None:
    watermark = await town.watermark()
    taking, go_on = asyncio.Event(), asyncio.Event()

    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        taking.set()
        await go_on.wait()
        return await hearing.take(messages)

    before = await clock(town)
    await town.say(b"1")
    async with town.hearing(hearing, take):
        await taking.wait()
        for _ in range(3):
            through = await heard_through(town, watermark)
            assert through is None or through < before, "the mark passed what is not committed"
        go_on.set()
        await moves_past(town, watermark, before)


async def test_the_mark_stands_while_a_message_is_to_come_again(
    town: Town, hearing: Hearing
) -> None:
    watermark = await town.watermark()
    before = await clock(town)
    is_there_room = False

    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        await hearing.take(messages)
        return [] if is_there_room else [each for each in messages if each.data == b"1"]

    async def put_off() -> bool:
        return hearing.heard.count(b"1") > 1

    await town.say(b"1", b"2")
    async with town.hearing(hearing, take):
        await until(put_off, "what is wanted later comes again")
        through = await heard_through(town, watermark)
        assert through is None or through < before, "the mark passed what was put off"
        assert (await town.checkpoint())["stream_sequence"] == 0
        is_there_room = True
        await moves_past(town, watermark, before)


async def test_under_steady_load_the_mark_keeps_up(town: Town, hearing: Hearing) -> None:
    watermark, speaker = await town.watermark(), await town.speaker()
    lags: list[timedelta] = []

    async def speak() -> None:
        while True:
            await speaker.publish(subject("k"), b"{}")
            await asyncio.sleep(0.002)

    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        await asyncio.sleep(0.1)  # so slow that something always waits
        return await hearing.take(messages)

    async def keeps_close() -> bool:
        through = await heard_through(town, watermark)
        assert through is not None or not lags, "a mark was taken back"
        if through is not None:
            lags.append(await clock(town) - through)
        return len(lags) > 100 and max(lags[-100:]) < timedelta(seconds=2)

    async with town.hearing(hearing, take), working(speak()):
        await until(keeps_close, "under steady load the mark follows within two seconds")


async def test_deleted_messages_do_not_hold_the_mark_for_ever(town: Town, hearing: Hearing) -> None:
    await town.say(b"1", b"2")
    await town.ask(f"STREAM.MSG.DELETE.{CITY}", {"seq": 2})
    watermark = await town.watermark()
    async with town.hearing(hearing):
        await moves_past(town, watermark, await clock(town))


async def test_a_stream_made_anew_does_not_hold_the_mark_for_ever(
    town: Town, hearing: Hearing
) -> None:
    watermark = await town.watermark()
    await town.say(*[b"%d" % number for number in range(20)])
    await watermark.mark()
    await town.ask(f"STREAM.PURGE.{CITY}")
    await town.say(b"1")
    async with town.hearing(hearing):
        await moves_past(town, watermark, await clock(town))


async def test_while_the_bus_is_away_the_mark_stands_still_and_the_service_says_so(
    town: Town, hearing: Hearing
) -> None:
    watermark = await town.watermark()
    check = keeps_up(town.pool, CITY, behind=timedelta(seconds=1))
    facts = Bell(town.pool, "fact")

    async def is_well() -> bool:
        return not await check()

    async def tells() -> bool:
        return [problem.code for problem in await check()] == ["intake-behind"]

    assert await tells(), "a stream that was never heard is not up to date"
    async with town.hearing(hearing), working(watermark.run(facts)):
        await until(is_well, "an intake that keeps up is ready")
        await town.bus.stop()
        left = await town.checkpoint()
        await until(tells, "an intake that cannot hear says so")
        assert await town.checkpoint() == left, "the mark moved while nothing could be heard"
        town.bus.start()
        await until(is_well, "once the bus is back, the intake catches up by itself")


async def test_a_mark_is_never_taken_back(town: Town) -> None:
    watermark = await town.watermark()
    await watermark.mark()
    later = await clock(town) + timedelta(days=1)
    await town.pool.execute("update checkpoint set heard_through = $1", later)
    assert await heard_through(town, watermark) == later


async def test_a_rehearsal_moves_the_time(town: Town) -> None:
    watermark = await town.watermark()
    watermark.shift = timedelta(days=3)
    through = await heard_through(town, watermark)
    assert through is not None
    assert through > await clock(town) + timedelta(days=2)
    assert not await keeps_up(town.pool, CITY, shift=timedelta(days=3))()
    assert await keeps_up(town.pool, CITY, shift=timedelta(days=4))()


async def test_what_is_counted_can_be_read_without_naming_anyone(town: Town) -> None:
    registry = CollectorRegistry()
    watermark = await town.watermark()
    watermark.metrics = IntakeMetrics(registry)
    watermark.metrics.taken(CITY, {"new": 3, "duplicate": 1})
    await town.say(b"1", b"2")
    await watermark.mark()
    value = registry.get_sample_value
    assert value("xiaoneng_intake_pending", {"stream": CITY}) == 2
    assert value("xiaoneng_quarantine_open") == 0
    new = {"stream": CITY, "outcome": "new"}
    assert value("xiaoneng_intake_messages_total", new) == 3


async def test_a_service_needs_no_right_to_make_or_change_a_consumer(town: Town) -> None:
    client = await town.client(NAME)
    with pytest.raises(nats.errors.Error):
        await client.request(f"$JS.API.CONSUMER.DELETE.{CITY}.{NAME}", b"", timeout=0.5)
    assert (await town.consumer())["name"] == NAME
