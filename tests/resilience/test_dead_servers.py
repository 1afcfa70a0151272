"""PostgreSQL and NATS are killed under load, and come back with what they had acknowledged."""

import asyncio
from collections.abc import Callable

import nats
import pytest

from contracts.streams import CITY
from deploy.provision.users import ADMINISTRATOR
from kernel.bus import inbox
from tests.electronic_supervision.live.said import raw
from tests.resilience.canonical import Canonical
from tests.resilience.feeding import by_bus, by_http, posted
from tests.resilience.recovery import assert_recovered
from tests.resilience.told import MONTH
from tests.resilience.town import Town

HALF = len(MONTH) // 2
TIMES = 3

SERVERS = {
    "postgres": (Town.kill_postgres, Town.start_postgres),
    "nats": (Town.kill_nats, Town.start_nats),
}
Do = Callable[[Town], None]


@pytest.mark.parametrize("server", SERVERS)
async def test_a_server_may_die_under_load(city: Town, undisturbed: Canonical, server: str) -> None:
    kill, restart = SERVERS[server]
    await city.start().listening()
    async with asyncio.TaskGroup() as group:
        group.create_task(by_bus(city, MONTH, pause=0.03))
        group.create_task(by_http(city, MONTH[::-1], pause=0.03))
        for _ in range(TIMES):
            await asyncio.sleep(0.7)
            await asyncio.to_thread(kill, city)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(restart, city)
    await assert_recovered(city, MONTH, undisturbed)


async def test_both_servers_may_die_at_once(city: Town, undisturbed: Canonical) -> None:
    await city.start().listening()
    async with asyncio.TaskGroup() as group:
        group.create_task(by_bus(city, MONTH, pause=0.02))
        group.create_task(by_http(city, MONTH[HALF:], pause=0.02))
        await asyncio.sleep(1)
        for kill, _ in SERVERS.values():
            await asyncio.to_thread(kill, city)
        for _, restart in SERVERS.values():
            await asyncio.to_thread(restart, city)
    await assert_recovered(city, MONTH, undisturbed)


async def test_what_the_door_acknowledged_is_there_after_all_is_killed_at_once(
    city: Town, undisturbed: Canonical
) -> None:
    api = await city.start("api").listening()
    for each in MONTH[:5]:
        assert await posted(city, each)
        city.kill_postgres()
        api.kill()
        city.start_postgres()
        seen = await city.asked("select id from seen")
        assert each["id"] in {row["id"] for row in seen}, (
            "promise 1: what was acknowledged is committed"
        )
        api = await city.start("api").listening()
    assert await posted(city, *MONTH[5:HALF])
    city.kill_postgres()
    city.kill_services()
    city.start_postgres()
    await city.time_passes()
    city.start()
    await by_bus(city, MONTH[HALF:])
    await assert_recovered(city, MONTH, undisturbed)


async def test_what_the_bus_acknowledged_is_there_after_it_is_killed_at_once(
    city: Town, undisturbed: Canonical
) -> None:
    for number, each in enumerate(MONTH[:10], 1):
        await by_bus(city, [each])
        city.kill_nats()
        city.start_nats()
        assert await _message(city, number) == raw(each), (
            "promise 1: what the bus acknowledged is on its disk"
        )
    city.start()
    await by_bus(city, MONTH[10:])
    await assert_recovered(city, MONTH, undisturbed)


async def _message(city: Town, number: int) -> bytes | None:
    client = await nats.connect(
        city.stack.nats_url(ADMINISTRATOR), inbox_prefix=inbox(ADMINISTRATOR)
    )
    try:
        message = await client.jetstream().get_msg(CITY, number)
    finally:
        await client.close()
    return message.data
