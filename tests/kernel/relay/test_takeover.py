"""Of many relays one works; whoever was followed by another can do no harm any more."""

from itertools import count

import pytest

from kernel.lease import LeaseLostError, acquire
from kernel.relay.jetstream import RefusedError
from kernel.relay.shift import Shift
from tests.kernel.relay.carrier import TENANCY
from tests.kernel.relay.house import House, is_well, until


async def shift(house: House, holder: str) -> Shift:
    lease = await acquire(house.record, "relay", holder)
    assert lease is not None
    ids = (f"{holder}-{number}" for number in count(1))
    made = Shift(
        *(house.pool, house.bus, TENANCY), lease=lease, batch_ids=ids, metrics=house.metrics
    )
    await made.begin()
    return made


async def expire(house: House) -> None:
    await house.record.execute("update lease set expires_at = '-infinity'")


async def test_of_two_relays_one_works_and_the_other_takes_over(house: House) -> None:
    await house.say(3)
    async with house.working(house.relay("one")):
        await until(house.all_is_heard, "one of two relays works")
        async with house.working(house.relay("two")):
            held = await house.record.fetchrow("select holder, expires_at from lease")
            assert held is not None

            async def prolonged() -> bool:
                later = await house.record.fetchrow("select holder, expires_at from lease")
                assert later is not None
                assert later["holder"] == "one", "an idle relay keeps its lease"
                past: bool = later["expires_at"] > held["expires_at"]
                return past

            await until(prolonged, "an idle relay prolongs its lease")
            await house.say(3)
            await until(house.all_is_heard, "one of two relays works")
    async with house.working(house.relay("three")):
        await house.say(3)
        await until(house.all_is_heard, "another relay takes over")
    assert await house.length() == 9


async def test_a_relay_is_not_ready_before_it_has_looked_or_seen_another_at_work(
    house: House,
) -> None:
    one, two = house.relay("one"), house.relay("two")
    assert [problem.code for problem in await one.problems()] == ["relay-starting"]
    async with house.working(one):
        await is_well(one)
        async with house.working(two):
            await is_well(two)


async def test_a_relay_that_died_is_followed_once_its_lease_expires(house: House) -> None:
    await house.record.execute(
        "insert into lease values ('relay', 'dead', 1, clock_timestamp() + interval '1 second')"
    )
    await house.say(3)
    async with house.working():
        await until(house.all_is_heard, "a dead relay is followed by another")


async def test_a_relay_that_stands_by_forgets_the_backlog_that_it_once_had(house: House) -> None:
    house.metrics.lag.labels(TENANCY.name).set(40)
    await house.record.execute(
        "insert into lease values ('relay', 'other', 1, clock_timestamp() + interval '1 hour')"
    )

    async def is_forgotten() -> bool:
        labels = {"service": TENANCY.name}
        return house.registry.get_sample_value("xiaoneng_relay_lag_publications", labels) is None

    async with house.working():
        await until(is_forgotten, "who has no lease tells of no backlog")


@pytest.mark.parametrize("number", [1, 3])
async def test_a_zombie_cannot_send_what_its_successor_has_sent(house: House, number: int) -> None:
    await house.say(3)
    zombie = await shift(house, "zombie")
    await zombie.step()
    await expire(house)
    successor = await shift(house, "successor")
    await house.say(number)
    assert await successor.step() == number
    with pytest.raises(RefusedError):
        await zombie.step()
    assert await house.heard() == await house.said(), "a zombie changes nothing"


async def test_a_zombie_that_was_quicker_does_no_harm(house: House) -> None:
    zombie = await shift(house, "zombie")
    await expire(house)
    successor = await shift(house, "successor")
    await house.say(3)
    with pytest.raises(LeaseLostError):
        await zombie.step()
    assert await house.cursor() == (0, 0), "a zombie can't move the cursor"
    with pytest.raises(RefusedError):
        await successor.step()
    await successor.begin()
    assert await successor.step() == 0
    assert await house.heard() == await house.said()


async def test_a_relay_whose_lease_was_taken_meanwhile_stops(house: House) -> None:
    mine = await shift(house, "mine")
    await expire(house)
    assert await acquire(house.record, "relay", "other")
    await expire(house)

    async def stopped() -> bool:
        try:
            await mine.step()
        except LeaseLostError:
            return True
        return False

    await until(stopped, "who lost the lease in between does not go on as if nothing had been")
