"""A stream that is ahead of its record, and the epoch that an operator opens then."""

import json
import logging

import pytest

from kernel.relay.epoch import open_epoch
from kernel.store.store import StreamDisputedError
from tests.kernel.relay.carrier import STREAM, TENANCY
from tests.kernel.relay.house import House, is_well, tells, until


async def looked(house: House, times: int) -> bool:
    return house.count("stream-ahead") >= times


def name(body: bytes) -> tuple[str, int]:
    document = json.loads(body)
    return document["source"], int(document["sequence"])


async def restored(house: House, to: int) -> None:
    """Say and send ten things, and then bring back the record as it was before."""
    await house.say(10)
    await house.sent()
    await house.restore(to)


async def open_next(house: House) -> int:
    await house.record.execute("update lease set expires_at = '-infinity'")
    return await open_epoch(house.record)


@pytest.mark.parametrize("said_since", [0, 2, 5, 9])
async def test_beside_a_stream_that_is_ahead_nothing_is_sent_until_an_epoch_is_opened(
    house: House, said_since: int
) -> None:
    await restored(house, to=5)
    if said_since:
        await house.say(said_since)
    heard = await house.heard()
    async with house.working() as relay:
        problem = await tells(relay, "stream-ahead")
        assert f"xiaoneng epoch open {TENANCY.name}" in problem.message
        await until(house.is_silent, "whatever was said now would have a number that is taken")
        with pytest.raises(StreamDisputedError):
            await house.say()
        assert await house.heard() == heard, "the stream is left alone"
    assert await open_next(house) == 2
    async with house.working() as relay:
        await house.agreed()
        await house.say(3, epoch=2)
        await house.grows(13, "after the epoch was opened the relay goes on")
        await is_well(relay)
    assert house.count("disowned") == 1
    assert (await house.heard())[10:] == (await house.said())[-3:]
    assert [name(body) for body in (await house.heard())[10:]] == [
        ("/xiaoneng/hall/epoch-2", number) for number in (1, 2, 3)
    ]


async def test_a_relay_that_waits_goes_on_by_itself_once_the_epoch_is_opened(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await restored(house, to=5)
    with caplog.at_level(logging.INFO, "kernel.relay.relay"):
        async with house.working() as relay:
            await tells(relay, "stream-ahead")
            await until(lambda: looked(house, 3), "a relay that waits looks again now and then")
            assert await open_next(house) == 2
            await house.agreed()
            await house.say(2, epoch=2)
            await house.grows(12, "the relay goes on by itself")
            await is_well(relay)
    errors = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len(errors) == 1, "what is wrong is logged once"


async def test_a_record_from_before_an_epoch_was_opened_finds_the_stream_ahead(
    house: House,
) -> None:
    await house.say(5)
    await open_next(house)
    await house.say(2, epoch=2)
    await house.sent()
    await house.restore(5)
    await house.record.execute("delete from epoch where number = 2")
    async with house.working() as relay:
        await tells(relay, "stream-ahead")
        await until(house.is_silent, "nothing is said beside a stream that is ahead")
        assert await house.length() == 7
    # the number 2 is taken in the stream: the next epoch that may speak is 3
    await open_next(house)
    async with house.working() as relay:
        await tells(relay, "stream-ahead")
    await open_next(house)
    async with house.working():
        await house.agreed()
        await house.say(2, epoch=3)
        await house.grows(9, "a later epoch may speak")
    assert name((await house.heard())[-1]) == ("/xiaoneng/hall/epoch-3", 2)


async def test_epochs_opened_one_after_the_other_are_sent_and_refilled_in_order(
    house: House,
) -> None:
    await house.say(3)
    for epoch in (2, 3, 4):
        await open_next(house)
        if epoch != 3:
            await house.say(2, epoch=epoch)
    await house.sent()
    await house.say(1, epoch=4)
    await house.sent()
    await house.admin.jetstream().delete_stream(STREAM)
    await house.provision()
    await house.sent()
    assert [name(body)[1] for body in await house.heard()] == [1, 2, 3, 1, 2, 1, 2, 3]
    assert await house.length() == 8


async def test_what_was_unsent_when_the_epoch_was_opened_is_sent_first(house: House) -> None:
    await house.say(3)
    await house.sent()
    await house.say(2)
    await open_next(house)
    await house.say(1, epoch=2)
    await house.sent()
