"""What a service says comes to its stream byte for byte, in order and once."""

import asyncio

import pytest

from contracts.approvals import CaseWithdrawn
from contracts.streams import LARGEST_MESSAGE
from contracts.wire import compose, read
from kernel.publishing import UNNUMBERED, publication
from kernel.relay.outbox import LARGEST_BYTES, after
from kernel.relay.sending import ROOM
from kernel.store.events import NewEvent
from kernel.store.store import append
from tests.kernel.relay.carrier import SUBJECT, TENANCY
from tests.kernel.relay.house import DEADLINE, NOW, House, is_well, tells, until


async def test_what_is_said_arrives_byte_for_byte_in_order_and_once(house: House) -> None:
    await house.say(3)
    async with house.working() as relay:
        await until(house.all_is_heard, "what was said before the relay started is sent")
        await house.say()
        await house.say(700)
        await until(house.all_is_heard, "what is said while the relay works is sent")
        assert await house.length() == 704, "nothing is sent twice"
        await is_well(relay)


async def test_an_event_of_ours_arrives_readable_and_numbered(house: House) -> None:
    withdrawn = CaseWithdrawn(case="1", unit="大厅")
    event = compose(
        withdrawn,
        event_id="e1",
        source=TENANCY.source,
        subject="1",
        time=NOW,
        recordedtime=NOW,
        sequence=UNNUMBERED,
        partitionkey="1",
        correlationid="e1",
    )
    said = publication(event, SUBJECT, of_event=0)
    happened = NewEvent(stream="case-1", id="e1", type="Withdrawn", data="{}")
    await append(house.record, [happened], NOW, publications=[said, said])
    async with house.working():
        await until(house.all_is_heard, "a real event is sent")
    assert [read(body).position for body in await house.heard()] == [1, 2]


async def test_ten_thousand_publications_arrive_once_and_are_counted(house: House) -> None:
    async with house.working():
        await house.say(10_000)

        async def caught_up() -> bool:
            return await house.cursor() == (10_000, 10_000)

        await until(caught_up, "the cursor follows what the stream acknowledged")
        await until(house.all_is_heard, "ten thousand publications are sent")
    labels = {"service": TENANCY.name}
    sample = house.registry.get_sample_value
    assert sample("xiaoneng_relay_published_total", labels) == 10_000
    assert sample("xiaoneng_relay_lag_publications", labels) == 0
    again = [house.count(outcome) for outcome in ("agreed", "forwards", "back")]
    assert again == [0, 0, 0], "a stream that is as we left it is not looked at again"


async def test_publications_of_nearly_a_mebibyte_are_sent_a_few_at_a_time(house: House) -> None:
    largest = LARGEST_MESSAGE - ROOM - 100
    await house.say(6, size=largest)
    batch = await after(house.record, 0)
    assert sum(len(body) for _, body in batch.said) <= LARGEST_BYTES
    assert (len(batch.said), batch.unsent) == (4, 6)
    for _ in range(2):  # the second looks at the large message that is the last
        async with house.working():
            await until(house.all_is_heard, "a large publication is sent")
    assert await house.length() == 6


@pytest.mark.parametrize("size", [LARGEST_MESSAGE, LARGEST_BYTES + 1])
async def test_a_publication_too_large_for_the_bus_is_named_to_the_operator(
    house: House, size: int
) -> None:
    await house.say(2)
    await house.say(1, size=size)
    async with house.working() as relay:
        problem = await tells(relay, "publication-too-large")
        assert "第 3 条" in problem.message
        assert await house.length() == 2


async def test_nothing_is_sent_twice_though_the_relay_died_before_it_could_note_it(
    house: House,
) -> None:
    await house.say(5)
    async with house.working():
        await until(house.all_is_heard, "publications are sent")
    await house.record.execute("update relay_cursor set sequence = 2, stream_sequence = 2")
    await house.say(2)
    async with house.working(house.relay("two")):
        await until(house.all_is_heard, "the relay goes on after what the stream holds")
    assert await house.length() == 7, "nothing is sent twice"
    assert house.count("forwards") == 1


async def test_wherever_a_relay_is_stopped_it_stops_and_nothing_is_lost_or_sent_twice(
    house: House,
) -> None:
    """The client of NATS swallows one cancellation in a hundred."""
    for number in range(300):
        await house.say(15)
        await house.record.execute("update lease set expires_at = '-infinity'")
        relay = asyncio.create_task(house.relay(f"relay-{number}").run())
        await asyncio.sleep(0.0001 * number)
        for _ in range(number % 37):
            await asyncio.sleep(0)
        relay.cancel()
        stopped, _ = await asyncio.wait([relay], timeout=DEADLINE)
        assert stopped, "a relay that is told to stop stops"
    await house.sent()
    assert await house.length() == 300 * 15, "nothing is sent twice"


async def test_a_publication_under_another_name_is_not_sent(house: House) -> None:
    await house.say(2)
    await house.record.execute(
        "update publication set body = replace(body, '/xiaoneng/hall', '/other') where sequence = 2"
    )
    async with house.working() as relay:
        await tells(relay, "publication-misnamed")
        assert await house.length() == 1


async def test_a_publication_that_is_missing_is_not_passed_over(house: House) -> None:
    await house.say(5)
    await house.record.execute("delete from publication where sequence = 3")
    async with house.working() as relay:
        await tells(relay, "publication-missing")
        assert await house.length() == 0
