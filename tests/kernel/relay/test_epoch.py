"""A new epoch is opened by an operator, while nobody of the service is at work."""

import asyncio

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.lease import acquire, release
from kernel.relay.epoch import Epoch, StillRunningError, current, epochs, open_epoch
from kernel.store.store import EpochClosedError
from tests.kernel.relay.house import House


async def test_epochs_count_from_one_and_begin_after_what_was_said(house: House) -> None:
    assert await current(house.record) == 1
    await house.say(7)
    assert await open_epoch(house.record) == 2
    assert await open_epoch(house.record) == 3
    await house.say(2, epoch=3)
    assert await open_epoch(house.record) == await current(house.record) == 4
    assert await epochs(house.record) == [
        Epoch(number=1, after=0),
        Epoch(number=2, after=7),
        Epoch(number=3, after=7),
        Epoch(number=4, after=9),
    ]


async def test_who_speaks_in_a_closed_epoch_is_refused(house: House) -> None:
    await open_epoch(house.record)
    with pytest.raises(EpochClosedError):
        await house.say()
    assert await house.said() == []


async def test_no_epoch_is_opened_while_a_lease_is_held(house: House) -> None:
    lease = await acquire(house.record, "partition-3", "somebody")
    assert lease is not None
    with pytest.raises(StillRunningError, match="partition-3"):
        await open_epoch(house.record)
    assert await current(house.record) == 1
    await release(house.record, lease)
    assert await open_epoch(house.record) == 2


async def test_an_epoch_waits_for_an_append_under_way_and_begins_after_it(
    server: Postgres, house: House
) -> None:
    schema = await house.record.fetchval("select current_schema()")
    operator = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    async with house.record.transaction():
        await house.say(3)
        opening = asyncio.create_task(open_epoch(operator))
        waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        async with asyncio.timeout(30):
            while not await house.record.fetchval(waits):
                assert not opening.done(), "an epoch must not overtake an append"
    assert await opening == 2
    assert (await epochs(operator))[-1].after == 3
    await operator.close()
