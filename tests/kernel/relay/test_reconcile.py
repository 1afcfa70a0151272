"""Whatever became of the stream: the relay finds where to go on, or says that it can't."""

import logging
import shutil
from pathlib import Path

import pytest

from contracts.streams import subjects_of
from tests.kernel.relay.carrier import STREAM, SUBJECT
from tests.kernel.relay.house import House, is_well, tells, until


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


async def test_a_stream_made_anew_while_the_relay_works_is_filled_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.say(20)
    async with house.working() as relay:
        await until(house.all_is_heard, "publications are sent")
        for _ in range(2):
            await house.admin.jetstream().delete_stream(STREAM)
            await house.say(3)
            problem = await tells(relay, "stream-missing")
            assert STREAM in problem.message
            await house.provision()
            await until(house.all_is_heard, "a stream made anew is filled again")
            await is_well(relay)
    assert await house.length() == 26
    errors = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len(errors) == 2, "what is wrong is logged once each time"


async def test_a_tail_that_the_stream_lost_is_sent_again(house: House, jetstream: Path) -> None:
    await house.say(5)
    await house.sent()
    await house.carrier.stop()
    shutil.copytree(jetstream, jetstream.with_name("older"))
    house.carrier.start()
    await house.say(5)
    await house.sent()
    await house.carrier.stop()
    shutil.rmtree(jetstream)
    jetstream.with_name("older").rename(jetstream)
    house.carrier.start()
    await house.sent()
    assert await house.length() == 10, "what was left is not sent again"
    assert house.count("back") == 1


async def test_messages_deleted_by_hand_are_sent_again(house: House) -> None:
    """JetStream refuses them as replays for as long as its window of duplicates is open."""
    await house.admin.jetstream().delete_stream(STREAM)
    await house.provision(duplicate_window=0.5)
    await house.say(5)
    await house.sent()
    for number in (4, 5):
        await house.admin.jetstream().delete_msg(STREAM, number)
    await house.sent()
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
    await house.sent()
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
    await house.sent()
    forged = (await house.heard())[1].replace(b"xx", b"yy")
    await house.admin.jetstream().publish(SUBJECT, forged)
    async with house.working() as relay:
        await tells(relay, "stream-ahead")


async def test_a_stream_emptied_when_all_was_sent_is_not_filled_again(house: House) -> None:
    await house.say(3)
    await house.sent()
    await house.admin.jetstream().purge_stream(STREAM)
    await house.say(2)
    async with house.working():
        await house.grows(5, "the relay goes on where the cursor is")
    assert await house.heard() == (await house.said())[3:]
    assert house.count("emptied") == 1


async def test_a_stream_emptied_at_another_place_is_named(house: House) -> None:
    await house.say(5)
    await house.sent()
    await house.admin.jetstream().purge_stream(STREAM)
    await house.restore(3)
    async with house.working() as relay:
        await tells(relay, "stream-unknown")
        assert await house.heard() == []
        await house.admin.jetstream().delete_stream(STREAM)
        await house.provision()
        await until(house.all_is_heard, "made anew, the stream is filled again")
        await is_well(relay)
