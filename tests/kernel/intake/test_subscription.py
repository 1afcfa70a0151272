"""Hearing a stream loses nothing, whatever happens to the bus, the service or the sender."""

import asyncio
from collections.abc import Sequence

import pytest

from contracts.streams import CITY, LARGEST_MESSAGE
from kernel.intake.heard import Message
from kernel.intake.subscription import BATCH
from tests.kernel.intake.town import DEADLINE, NAME, Hearing, Town, subject, until

POISON = b"poison"


class DatabaseAwayError(ConnectionError):
    """What a database that restarts looks like."""


async def is_all_acknowledged(town: Town) -> bool:
    consumer, stream = await town.consumer(), await town.stream()
    return bool(
        consumer["num_pending"] == consumer["num_ack_pending"] == 0
        and consumer["ack_floor"]["stream_seq"] == stream["state"]["last_seq"]
    )


async def comes_to_rest(town: Town) -> None:
    await until(lambda: is_all_acknowledged(town), "everything said is taken and acknowledged")


async def test_messages_come_in_batches_and_in_order(town: Town, hearing: Hearing) -> None:
    said = [b"%d" % number for number in range(3 * BATCH)]
    await town.say(*said)
    async with town.hearing(hearing):
        await comes_to_rest(town)
    assert hearing.heard == said
    assert [message.number for batch in hearing.batches for message in batch] == [
        *range(1, len(said) + 1)
    ]
    assert len(hearing.batches) < len(said) / 10, "a backlog is not taken one by one"


async def test_a_message_is_what_was_said_and_where(town: Town, hearing: Hearing) -> None:
    await town.say(b"{}")
    async with town.hearing(hearing):
        await comes_to_rest(town)
    ((message,),) = hearing.batches
    assert (message.stream, message.subject, message.data) == (CITY, subject(0), b"{}")
    assert message.sent_at.utcoffset() is not None


async def test_nothing_is_acknowledged_before_it_is_committed(town: Town, hearing: Hearing) -> None:
    floors = []

    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        floors.append(await town.floor())
        return await hearing.take(messages)

    await town.say(b"1", b"2")
    async with town.hearing(hearing, take):
        await comes_to_rest(town)
    assert floors[0] == 0, "a message was acknowledged before the service had taken it"


async def test_a_service_that_dies_over_a_batch_hears_it_again(
    town: Town, hearing: Hearing
) -> None:
    died = asyncio.Event()

    async def take(_: Sequence[Message]) -> Sequence[Message]:
        died.set()
        await asyncio.Event().wait()  # until it is killed
        return ()

    await town.say(b"1", b"2", b"3")
    async with town.hearing(hearing, take), asyncio.timeout(DEADLINE):
        await died.wait()
    async with town.hearing(hearing):
        await comes_to_rest(town)
    assert hearing.heard == [b"1", b"2", b"3"]


async def _is(condition: bool) -> bool:
    return condition


async def test_what_fails_for_a_moment_comes_again_and_is_not_put_aside(
    town: Town, hearing: Hearing
) -> None:
    failures = [DatabaseAwayError(), TimeoutError()]

    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        if failures:
            raise failures.pop()
        return await hearing.take(messages)

    await town.say(b"1", b"2", b"3")
    async with town.hearing(hearing, take):
        await comes_to_rest(town)
    assert sorted(hearing.heard) == [b"1", b"2", b"3"]
    assert hearing.set_aside == []


async def test_a_message_that_spoils_its_batch_is_put_aside_and_the_others_get_through(
    town: Town, hearing: Hearing
) -> None:
    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        if any(message.data == POISON for message in messages):
            raise ValueError("a defect of ours")
        return await hearing.take(messages)

    await town.say(b"1", b"2", POISON, b"3")
    async with town.hearing(hearing, take):
        await comes_to_rest(town)
        await town.say(b"4")
        await comes_to_rest(town)
    assert hearing.heard == [b"1", b"2", b"3", b"4"]
    assert hearing.set_aside == [POISON]


async def test_what_cannot_even_be_put_aside_is_kept_by_the_bus(
    town: Town, hearing: Hearing
) -> None:
    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        if any(message.data == POISON for message in messages):
            raise ValueError("a defect of ours")
        return await hearing.take(messages)

    refused: list[bytes] = []

    class Full(Hearing):
        async def put_aside(self, message: Message) -> None:
            refused.append(message.data)
            raise ValueError("no room")

    await town.say(b"1", POISON)
    async with town.hearing(Full(), take):
        await until(lambda: _is(len(refused) > 1), "a message that has no place is brought again")
        await town.say(b"2")
        await until(lambda: _is(b"2" in hearing.heard), "the others get through meanwhile")
    assert await town.floor() == 1


async def test_what_is_wanted_later_comes_later(town: Town, hearing: Hearing) -> None:
    async def take(messages: Sequence[Message]) -> Sequence[Message]:
        await hearing.take(messages)
        first = len(hearing.batches) == 1
        return [message for message in messages if first and message.data == b"2"]

    await town.say(b"1", b"2", b"3")
    async with town.hearing(hearing, take):
        await comes_to_rest(town)
    assert hearing.heard == [b"1", b"2", b"3", b"2"]


async def test_a_bus_that_restarts_is_heard_again_by_itself(town: Town, hearing: Hearing) -> None:
    async with town.hearing(hearing):
        await town.say(b"1")
        await comes_to_rest(town)
        await town.bus.stop()
        town.bus.start()
        await town.say(*(b"%d" % number for number in range(2, 1200)))
        await comes_to_rest(town)
    assert hearing.heard == [b"%d" % number for number in range(1, 1200)]


async def test_a_consumer_made_anew_is_heard_again_by_itself(town: Town, hearing: Hearing) -> None:
    async with town.hearing(hearing):
        await town.say(b"1")
        await comes_to_rest(town)
        before = await town.consumer()
        await town.ask(f"CONSUMER.DELETE.{CITY}.{NAME}")
        await town.say(b"2")
        config = {**before["config"], "metadata": {}}
        body = {"stream_name": CITY, "config": config, "action": "create"}
        await town.ask(f"CONSUMER.CREATE.{CITY}.{NAME}", body)
        await comes_to_rest(town)
    assert hearing.heard[-1] == b"2"
    assert set(hearing.heard) == {b"1", b"2"}


async def test_hearing_changes_nothing_that_provisioning_has_set(
    town: Town, hearing: Hearing
) -> None:
    before = (await town.stream())["config"], (await town.consumer())["config"]
    await town.say(b"1")
    async with town.hearing(hearing):
        await comes_to_rest(town)
    assert ((await town.stream())["config"], (await town.consumer())["config"]) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Status": "404", "Description": "No Messages"},
        {"Status": "503"},
        {"Status": "100"},
        {"content-type": "application/json", "correlation_id": "x" * 2000},
    ],
)
async def test_headers_do_not_hide_a_message_or_silence_the_stream(
    town: Town, hearing: Hearing, headers: dict[str, str]
) -> None:
    await town.say(b"1")
    await town.say(b"2", headers=headers)
    await town.say(b"3")
    async with town.hearing(hearing):
        await comes_to_rest(town)
    assert hearing.heard == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    "line",
    [
        b"PUB city.approvals.\xff\xfe 1\r\n2\r\n",
        b"PUB city.approvals.a\x00b 1\r\n2\r\n",
        b"PUB city.approvals." + b"x" * 3000 + b" 1\r\n2\r\n",
        b"HPUB city.approvals.x 4 5\r\nXATS2\r\n",
        b"HPUB city.approvals.x 12 13\r\nNATS/1.0\r\n\r\n2\r\n",
        b"HPUB city.approvals.x 16 17\r\nNATS/1.0 503\r\n\r\n2\r\n",
        b"HPUB city.approvals.x 19 20\r\nNATS/1.0\r\n\xff\xfe: \xff\r\n\r\n2\r\n",
    ],
)
async def test_no_sender_can_silence_the_others(town: Town, hearing: Hearing, line: bytes) -> None:
    await town.say(b"1")
    await town.say_raw(line)
    await town.say(b"3")
    async with town.hearing(hearing):
        await comes_to_rest(town)
    assert hearing.heard == [b"1", b"2", b"3"]


async def test_the_bus_itself_refuses_what_is_too_large(town: Town) -> None:
    too_much = LARGEST_MESSAGE + 1
    with pytest.raises(AssertionError, match="Maximum Payload"):
        await town.say_raw(b"PUB %b %d\r\n" % (subject(1).encode(), too_much))
    assert (await town.stream())["state"]["messages"] == 0


async def test_messages_as_large_as_the_bus_allows_come_through(
    town: Town, hearing: Hearing
) -> None:
    said = [b"%d" % number + b"x" * (LARGEST_MESSAGE - 1) for number in range(9)]
    await town.say(*said)
    async with town.hearing(hearing):
        await comes_to_rest(town)
    assert hearing.heard == said


async def test_of_messages_that_come_one_by_one_none_is_lost_for_a_while(
    town: Town, hearing: Hearing
) -> None:
    """The client ran out of time between two requests, and what it held came again much later."""
    said = [b"%d" % number for number in range(400)]
    async with town.hearing(hearing):
        for number, each in enumerate(said):
            await town.say(each)
            await asyncio.sleep(number % 17 / 1000)
        await comes_to_rest(town)
    assert hearing.heard == said, "a message came out of turn: it had been lost and came again"
