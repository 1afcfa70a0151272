"""JetStream's storage is deleted: what was published is published again, and nothing twice."""

import pytest

from tests.resilience.canonical import Canonical
from tests.resilience.deadline import comes_true
from tests.resilience.feeding import by_bus, by_http
from tests.resilience.intact import assert_intact, at_rest, streamed
from tests.resilience.recovery import assert_recovered
from tests.resilience.told import MONTH
from tests.resilience.town import Town

HALF = len(MONTH) // 2


@pytest.mark.parametrize("services_run", [True, False], ids=["while running", "while all is down"])
async def test_streams_are_filled_again_from_the_record(
    city: Town, undisturbed: Canonical, services_run: bool
) -> None:
    city.start()
    await by_bus(city, MONTH[:HALF])
    await at_rest(city, MONTH[:HALF])
    before = await streamed(city)
    if not services_run:
        city.kill_services()
    city.kill_nats()
    city.lose_the_streams()
    city.start_nats()
    await city.stack.provision()
    if not services_run:
        await city.time_passes()
        city.start()

    async def differs() -> object:
        return None if await streamed(city) == before else "not what it was"

    await comes_true("promise 3: all is published again, byte for byte", differs)
    await assert_intact(city)
    await by_bus(city, MONTH[HALF:])
    await assert_recovered(city, MONTH, undisturbed)


async def test_what_comes_by_the_other_door_meanwhile_is_published_once_the_bus_is_back(
    city: Town, undisturbed: Canonical
) -> None:
    city.start()
    await by_bus(city, MONTH[:HALF])
    await at_rest(city, MONTH[:HALF])
    city.kill_nats()
    city.lose_the_streams()
    await by_http(city, MONTH[HALF:])
    city.start_nats()
    await city.stack.provision()
    await assert_recovered(city, MONTH, undisturbed)
