"""Whatever became of the stream: the relay finds where to go on, or says that it can't."""

import json
import logging
import shutil
from pathlib import Path

import pytest

from contracts.streams import subjects_of
from kernel.relay.epoch import open_epoch
from tests.kernel.relay.house import STREAM, SUBJECT, TENANCY, House, is_well, tells, until


async def sent(house: House) -> None:
    async with house.working(house.relay(f"relay-{len(house.ears)}")):
        await until(house.all_is_heard, "what is said is sent")


async def grown(house: House, length: int) -> bool:
    return await house.length() == length


async def looked(house: House, times: int) -> bool:
    return house.count("stream-ahead") >= times


def name(body: bytes) -> tuple[str, int]:
    document = json.loads(body)
    return document["source"], int(document["sequence"])


async def restored(house: House, to: int) -> None:
    """Say and send ten things, and then bring back the record as it was before."""
    await house.say(10)
    await sent(house)
    await house.restore(to)


async def open_next(house: House) -> int:
    await house.record.execute("update lease set expires_at = '-infinity'")
    return await open_epoch(house.record)


async def test_a_stream_that_was_lost_is_filled_again_from_the_record(
    house: House, jetstream: Path
) -> None:
    await house.say(600)
    async with house.working() as relay:
        await until(house.all_is_heard, "publications are sent")
        await house.carrier.stop()
        shutil.rmtree(jetstream)
        house.carrier.start()
        await tells(relay, "stream-missing")
        await house.provision()
        await until(house.all_is_heard, "a lost stream is filled again, with nobody saying more")
        await is_well(relay)
        await house.say(2)
        await until(house.all_is_heard, "and the relay goes on")
    assert await house.length() == 602


async def test_a_stream_made_anew_while_the_relay_works_is_filled_again(house: House) -> None:
    await house.say(20)
    async with house.working() as relay:
        await until(house.all_is_heard, "publications are sent")
        await house.admin.jetstream().delete_stream(STREAM)
        await house.say(3)
        problem = await tells(relay, "stream-missing")
        assert STREAM in problem.message
        await house.provision()
        await until(house.all_is_heard, "a stream made anew is filled again")
        await is_well(relay)
    assert await house.length() == 23


async def test_a_tail_that_the_stream_lost_is_sent_again(house: House, jetstream: Path) -> None:
    await house.say(5)
    await sent(house)
    await house.carrier.stop()
    shutil.copytree(jetstream, jetstream.with_name("older"))
    house.carrier.start()
    await house.say(5)
    await sent(house)
    await house.carrier.stop()
    shutil.rmtree(jetstream)
    jetstream.with_name("older").rename(jetstream)
    house.carrier.start()
    await sent(house)
    assert await house.length() == 10, "what was left is not sent again"
    assert house.count("back") == 1


async def test_messages_deleted_by_hand_are_sent_again(house: House) -> None:
    """JetStream refuses them as replays for as long as its window of duplicates is open."""
    await house.admin.jetstream().delete_stream(STREAM)
    await house.provision(duplicate_window=0.5)
    await house.say(5)
    await sent(house)
    for number in (4, 5):
        await house.admin.jetstream().delete_msg(STREAM, number)
    await sent(house)
    assert await house.length() == 7


async def test_a_stream_that_refuses_again_and_again_is_named(house: House) -> None:
    await house.admin.jetstream().delete_stream(STREAM)
    await house.provision(allow_atomic=False)
    await house.say(2)
    async with house.working() as relay:
        problem = await tells(relay, "stream-refuses")
        assert "10174" in problem.message
        await house.admin.jetstream().update_stream(
            name=STREAM, subjects=[subjects_of(STREAM)], allow_atomic=True
        )
        await until(house.all_is_heard, "once the stream takes batches, the relay goes on")
        await is_well(relay)


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
        await house.say()
        assert await house.heard() == heard, "the stream is left alone"
    assert await open_next(house) == 2
    async with house.working() as relay:
        await house.say(3, epoch=2)
        await until(lambda: grown(house, 13), "after the epoch was opened the relay goes on")
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
            await house.say(2, epoch=2)
            await until(lambda: grown(house, 12), "the relay goes on by itself")
            await is_well(relay)
    errors = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len(errors) == 1, "what is wrong is logged once"


async def test_a_record_from_before_an_epoch_was_opened_finds_the_stream_ahead(
    house: House,
) -> None:
    await house.say(5)
    await open_next(house)
    await house.say(2, epoch=2)
    await sent(house)
    await house.restore(5)
    await house.record.execute("delete from epoch where number = 2")
    async with house.working() as relay:
        await tells(relay, "stream-ahead")
        await house.say()
        assert await house.length() == 7
    # the number 2 is taken in the stream: the next epoch that may speak is 3
    await open_next(house)
    async with house.working() as relay:
        await tells(relay, "stream-ahead")
    await open_next(house)
    await house.say(2, epoch=3)
    async with house.working():
        await until(lambda: grown(house, 9), "a later epoch may speak")
    assert name((await house.heard())[-1]) == ("/xiaoneng/hall/epoch-3", 2)


async def test_epochs_opened_one_after_the_other_are_sent_and_refilled_in_order(
    house: House,
) -> None:
    await house.say(3)
    for epoch in (2, 3, 4):
        await open_next(house)
        if epoch != 3:
            await house.say(2, epoch=epoch)
    await sent(house)
    await house.say(1, epoch=4)
    await sent(house)
    await house.admin.jetstream().delete_stream(STREAM)
    await house.provision()
    await sent(house)
    assert [name(body)[1] for body in await house.heard()] == [1, 2, 3, 1, 2, 1, 2, 3]
    assert await house.length() == 8


async def test_what_was_unsent_when_the_epoch_was_opened_is_sent_first(house: House) -> None:
    await house.say(3)
    await sent(house)
    await house.say(2)
    await open_next(house)
    await house.say(1, epoch=2)
    await sent(house)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"[1]",
        b'"sequence"',
        b'{"source":"/xiaoneng/hall"}',
        b'{"source":"/xiaoneng/hall","sequence":"5"}',
        b'{"source":"/xiaoneng/hall","sequence":5}',
        b'{"source":"/xiaoneng/hall","sequence":"99999999999999999999"}',
        b'{"source":"/xiaoneng/other","sequence":"00000000000000000001"}',
        b'{"source":"/xiaoneng/hall/epoch-0","sequence":"00000000000000000001"}',
        b'{"source":"/xiaoneng/hall/epoch-02","sequence":"00000000000000000001"}',
        b'{"source":"/xiaoneng/hall/epoch-99999999999","sequence":"00000000000000000001"}',
    ],
)
async def test_a_message_of_somebody_else_at_the_end_is_named_and_not_passed_over(
    house: House, body: bytes
) -> None:
    await house.say(2)
    await sent(house)
    await house.admin.jetstream().publish(SUBJECT, body)
    await house.say()
    async with house.working() as relay:
        await tells(relay, "stream-foreign")
        assert await house.length() == 3, "nothing is sent after what nobody knows"
        await house.admin.jetstream().delete_msg(STREAM, 3)
        await until(house.all_is_heard, "once it is gone, the relay goes on by itself")
        await is_well(relay)


async def test_a_forged_message_under_our_name_is_not_taken_for_ours(house: House) -> None:
    await house.say(2, size=200)
    await sent(house)
    forged = (await house.heard())[1].replace(b"xx", b"yy")
    await house.admin.jetstream().publish(SUBJECT, forged)
    async with house.working() as relay:
        await tells(relay, "stream-ahead")


async def test_a_stream_emptied_when_all_was_sent_is_not_filled_again(house: House) -> None:
    await house.say(3)
    await sent(house)
    await house.admin.jetstream().purge_stream(STREAM)
    await house.say(2)
    async with house.working():
        await until(lambda: grown(house, 5), "the relay goes on where the cursor is")
    assert await house.heard() == (await house.said())[3:]
    assert house.count("emptied") == 1


async def test_a_stream_emptied_at_another_place_is_named(house: House) -> None:
    await house.say(5)
    await sent(house)
    await house.admin.jetstream().purge_stream(STREAM)
    await house.restore(3)
    async with house.working() as relay:
        await tells(relay, "stream-unknown")
        assert await house.heard() == []
        await house.admin.jetstream().delete_stream(STREAM)
        await house.provision()
        await until(house.all_is_heard, "made anew, the stream is filled again")
        await is_well(relay)
