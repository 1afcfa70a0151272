"""The bus or the database goes away and comes back: nothing is lost, nothing doubled."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy.local.postgres import Postgres
from kernel.database import open_pool
from tests.kernel.relay.house import House, is_well, tells, until
from tests.kernel.relay.line import Line


@pytest.fixture
async def line(server: Postgres, house: House) -> AsyncIterator[Line]:
    """Let the relays of the house reach the database by a line that can be cut."""
    between = Line(server.port)
    await between.mend()
    schema = await house.record.fetchval("select current_schema()")
    direct, url = house.pool, server.url().replace(f":{server.port}/", f":{between.port}/")
    house.pool = await open_pool(url, schema)
    yield between
    house.pool.terminate()
    house.pool = direct
    await between.cut()


async def test_a_bus_that_is_down_for_a_while_gets_everything_when_it_is_back(
    house: House,
) -> None:
    await house.say(5)
    async with house.working() as relay:
        await until(house.all_is_heard, "publications are sent")
        for _ in range(2):
            await house.carrier.stop()
            await house.say(3)
            problem = await tells(relay, "bus-unreachable")
            assert "自动续发" in problem.message
            await house.say(3)
            house.carrier.start()
            await until(house.all_is_heard, "a bus that is back gets what it missed")
            await is_well(relay)
    assert await house.length() == 17, "nothing is sent twice"


async def test_a_bus_killed_while_much_is_sent_gets_everything_once(house: House) -> None:
    await house.say(5000)
    async with house.working():
        for length in (500, 2000):

            async def under_way(length: int = length) -> bool:
                return (await house.cursor())[0] >= length

            await until(under_way, "the relay works")
            await house.carrier.stop()
            house.carrier.start()
        await until(house.all_is_heard, "a bus that is back gets what it missed")
    assert await house.length() == 5000, "nothing is sent twice"


async def test_a_database_that_is_away_for_a_while_is_found_again(house: House, line: Line) -> None:
    await house.say(5)
    async with house.working():
        for _ in range(2):
            await until(house.all_is_heard, "publications are sent")
            await line.cut()
            await house.say(3)
            await asyncio.sleep(0)
            await line.mend()
        await until(house.all_is_heard, "a relay finds its database again")
    assert await house.length() == 11


async def test_a_line_cut_again_and_again_loses_and_doubles_nothing(
    house: House, line: Line
) -> None:
    await house.say(5000)
    async with house.working():
        for times in range(8):
            await asyncio.sleep(0.01 * times)
            await line.cut()
            await line.mend()
        await until(house.all_is_heard, "a relay goes on after every cut")
    assert await house.length() == 5000, "nothing is sent twice"


async def test_connections_that_the_database_ends_are_made_again(house: House) -> None:
    """Some are ended in the midst of a query, some just before one."""
    async with house.working():
        for times in range(30):
            await house.say(5)
            for _ in range(times % 7):
                await asyncio.sleep(0)
            await house.record.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'xiaoneng ' || current_schema()"
            )
            await house.say(5)
            await until(house.all_is_heard, "a relay makes new connections")
    assert await house.length() == 300


async def test_a_relay_that_stands_by_tells_of_its_bus_too(house: House) -> None:
    await house.record.execute("insert into lease values ('relay', 'other', 1, 'infinity')")
    async with house.working() as relay:
        await is_well(relay)
        await house.carrier.stop()
        await tells(relay, "bus-unreachable")
        house.carrier.start()
        await is_well(relay)


async def test_publications_that_wait_too_long_are_told_of_and_no_others(house: House) -> None:
    """Those of the tests were recorded at nine in the morning."""
    await house.say(4)
    relay = house.relay()
    assert "4 条" in (await tells(relay, "relay-behind")).message
    await house.record.execute("update event set recorded_at = clock_timestamp()")
    assert [each.code for each in await relay.problems()] == ["relay-starting"]
    async with house.working(relay):
        await until(house.all_is_heard, "publications are sent")
        await is_well(relay)
