"""What the stream takes is all or nothing, and only where it is as the sender knows it."""

import asyncio
from dataclasses import replace

import pytest

from contracts.streams import subjects_of
from kernel.relay.jetstream import BusUnreachableError, RefusedError, StreamMissingError
from kernel.relay.sending import (
    DUPLICATE_IN_BATCH,
    WRONG_LAST_SEQUENCE,
    Message,
    TooLargeError,
    send,
)
from tests.kernel.relay.carrier import STREAM, SUBJECT, admin_of
from tests.kernel.relay.house import House, until

AT_ONCE = 1.0
THREE = [Message(id=f"/hall:{n}", subject=SUBJECT, body=f"{n}".encode()) for n in (1, 2, 3)]
MORE = [replace(message, id=f"more{message.id}") for message in THREE]
MANY = [replace(THREE[0], id=f"/hall:{n}") for n in range(500)]


async def test_a_batch_and_a_single_message_are_stored_after_what_is_expected(
    house: House,
) -> None:
    assert await send(house.bus, STREAM, THREE, expected=0, batch_id="a") == 3
    assert await send(house.bus, STREAM, MORE[:1], expected=3, batch_id="b") == 4
    assert await send(house.bus, STREAM, MORE[1:], expected=4, batch_id="c") == 6
    assert await house.heard() == [b"1", b"2", b"3"] * 2


@pytest.mark.parametrize("messages", [MORE[:1], MORE[:2], MORE, MANY])
async def test_a_sender_behind_the_stream_is_refused_at_once_and_stores_nothing(
    house: House, messages: list[Message]
) -> None:
    await send(house.bus, STREAM, THREE, expected=0, batch_id="a")
    for expected in (0, 2, 4):
        async with asyncio.timeout(AT_ONCE):
            with pytest.raises(RefusedError) as refused:
                await send(house.bus, STREAM, messages, expected=expected, batch_id=f"b{expected}")
        assert refused.value.code == WRONG_LAST_SEQUENCE
    assert await house.length() == 3, "what was refused is not in the stream"


@pytest.mark.parametrize("messages", [THREE[:1], THREE])
async def test_a_replay_is_refused_and_never_taken_for_stored(
    house: House, messages: list[Message]
) -> None:
    last = await send(house.bus, STREAM, messages, expected=0, batch_id="a")
    with pytest.raises(RefusedError) as refused:
        await send(house.bus, STREAM, messages, expected=last, batch_id="b")
    assert refused.value.code == DUPLICATE_IN_BATCH
    assert await house.length() == last


async def test_a_batch_given_up_half_way_leaves_nothing_and_blocks_nobody(house: House) -> None:
    for number, message in enumerate(THREE[:2], 1):
        headers = {"Nats-Batch-Id": "half", "Nats-Batch-Sequence": str(number)}
        headers["Nats-Msg-Id"] = message.id
        await house.bus.publish(message.subject, message.body, headers=headers)
    assert await send(house.bus, STREAM, THREE, expected=0, batch_id="whole") == 3
    assert await house.heard() == [b"1", b"2", b"3"]


async def test_a_stream_that_takes_no_batches_says_so_before_the_rest_is_sent(
    house: House,
) -> None:
    await house.admin.jetstream().delete_stream(STREAM)
    await house.provision(allow_atomic=False)
    sent = house.bus.stats["out_msgs"]
    with pytest.raises(RefusedError):
        await send(house.bus, STREAM, MANY, expected=0, batch_id="a")
    assert house.bus.stats["out_msgs"] == sent + 1
    assert await house.length() == 0


async def test_a_message_too_large_for_the_bus_waits_while_those_before_it_go(
    house: House,
) -> None:
    large = replace(THREE[2], body=b"x" * house.bus.max_payload)
    assert await send(house.bus, STREAM, [*THREE[:2], large], expected=0, batch_id="a") == 2
    with pytest.raises(TooLargeError):
        await send(house.bus, STREAM, [large, *MORE], expected=2, batch_id="b")
    assert house.bus.is_connected, "the bus hangs up on who sends too much"
    assert await house.length() == 2


@pytest.mark.parametrize("messages", [THREE[:1], THREE])
async def test_without_a_stream_nobody_waits_for_an_answer(
    house: House, messages: list[Message]
) -> None:
    await house.admin.jetstream().delete_stream(STREAM)
    async with asyncio.timeout(AT_ONCE):
        with pytest.raises((StreamMissingError, BusUnreachableError)):
            await send(house.bus, STREAM, messages, expected=0, batch_id="a")


async def test_what_another_stream_took_does_not_count_as_sent(house: House) -> None:
    await house.admin.jetstream().delete_stream(STREAM)
    await house.admin.jetstream().add_stream(
        name="OTHER", subjects=[subjects_of(STREAM)], allow_atomic=True
    )
    with pytest.raises(BusUnreachableError):
        await send(house.bus, STREAM, THREE, expected=0, batch_id="a")


async def test_what_could_not_be_sent_is_not_sent_later_behind_our_back(house: House) -> None:
    await house.carrier.stop()

    async def noticed() -> bool:
        return not house.bus.is_connected

    await until(noticed, "a bus that is gone is noticed")
    with pytest.raises(BusUnreachableError, match="not connected"):
        await send(house.bus, STREAM, THREE, expected=0, batch_id="b")
    house.carrier.start()
    admin = await admin_of(house.carrier)

    async def back() -> bool:
        return house.bus.is_connected

    await until(back, "the connection to the bus comes back")
    await house.bus.flush()
    assert (await admin.jetstream().stream_info(STREAM)).state.last_seq == 0
    await admin.close()
