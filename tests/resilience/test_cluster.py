"""One of three NATS servers dies under load: what was acknowledged stays, and the city goes on.

Three replicas outlast the loss of one server, and the death of all three at once. (A killed process
leaves what it wrote to the kernel, so that no test here can show the disk of a power cut; that each
server syncs before it acknowledges is asked of the servers themselves.) They do not replace the
record: nats-server 2.12.1 was seen to lose acknowledged writes when servers were added and removed
while the network failed, and two disks lost at once are beyond any majority. What we said is sent
again from PostgreSQL (test_lost_streams.py); what a city system said and we had not yet heard, it
has to say again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from contracts.streams import CITY, stream_of
from deploy.tenancies import ELECTRONIC_SUPERVISION
from tests.resilience.canonical import Canonical
from tests.resilience.cluster import NAMES, ClusteredTown, clustered_town
from tests.resilience.conftest import folder
from tests.resilience.deadline import comes_true
from tests.resilience.feeding import by_bus, by_http
from tests.resilience.nursery import Nursery
from tests.resilience.recovery import all_is_well, assert_recovered
from tests.resilience.told import MONTH

SUPERVISION = stream_of(ELECTRONIC_SUPERVISION.context)
HALF = len(MONTH) // 2
TIMES = 2
PACE_SECONDS = 0.25
"""Slow enough for the month to last until all disturbances are over."""

WHILE_AWAY = 5
"""How many more facts have to be heard while a server is away."""


@pytest.fixture
async def clustered(nursery: Nursery) -> AsyncIterator[ClusteredTown]:
    with folder() as place:
        async with clustered_town(place, nursery) as built:
            yield built


def start_roles(clustered: ClusteredTown) -> None:
    """Start the roles of the compose file: the doors, and two workers."""
    clustered.town.start("api")
    for _ in range(2):
        clustered.town.start("intake", "loop", "relay")


async def goes_on(clustered: ClusteredTown) -> None:
    """Wait until more is heard and judged than was when this began."""
    before = await clustered.town.asked("select count(*) as heard from seen")

    async def standstill() -> object:
        now = await clustered.town.asked("select count(*) as heard from seen")
        return now[0]["heard"] < before[0]["heard"] + WHILE_AWAY and "nothing new is heard"

    await comes_true("a city on two of three servers goes on", standstill, 60)


async def lose_the_leader(clustered: ClusteredTown, stream: str) -> None:
    leader = await clustered.leader(stream)
    clustered.cluster.kill(leader)
    assert await clustered.leader(stream, other_than=leader) != leader
    await goes_on(clustered)
    clustered.cluster.start(leader)


async def freeze_the_leader(clustered: ClusteredTown, stream: str) -> None:
    leader = await clustered.leader(stream)
    clustered.cluster.freeze(leader)
    assert await clustered.leader(stream, other_than=leader) != leader
    await goes_on(clustered)
    clustered.cluster.thaw(leader)


Disturb = Callable[[ClusteredTown, str], Awaitable[None]]


async def disturbed(clustered: ClusteredTown, stream: str, disturb: Disturb) -> None:
    for _ in range(TIMES):
        await disturb(clustered, stream)
        await clustered.cluster.is_well()
        await clustered.is_replicated(CITY, SUPERVISION)


# connected to a frozen server, nats-py waits in vain for its first word and forgets to hang up
@pytest.mark.filterwarnings("ignore:unclosed <StreamWriter:ResourceWarning")
@pytest.mark.parametrize("stream", [CITY, SUPERVISION])
@pytest.mark.parametrize("disturb", [lose_the_leader, freeze_the_leader], ids=["killed", "frozen"])
async def test_the_leader_of_a_stream_may_be_lost_under_load(
    clustered: ClusteredTown, undisturbed: Canonical, stream: str, disturb: Disturb
) -> None:
    start_roles(clustered)
    await all_is_well(clustered.town)
    async with asyncio.TaskGroup() as group:
        losing = group.create_task(disturbed(clustered, stream, disturb))
        group.create_task(by_bus(clustered.town, MONTH, pause=PACE_SECONDS))
        await losing
    await assert_recovered(clustered.town, MONTH, undisturbed)


async def test_all_servers_of_a_cluster_may_die_at_once(
    clustered: ClusteredTown, undisturbed: Canonical
) -> None:
    start_roles(clustered)
    await by_bus(clustered.town, MONTH[:HALF])
    clustered.town.kill_services()
    await by_bus(clustered.town, MONTH[HALF:])
    clustered.cluster.kill(*NAMES)
    clustered.cluster.start(*NAMES)
    await clustered.cluster.is_well()
    await clustered.town.time_passes()
    start_roles(clustered)
    await assert_recovered(clustered.town, MONTH, undisturbed)


async def test_every_server_syncs_what_it_acknowledges_and_every_stream_has_three_replicas(
    clustered: ClusteredTown,
) -> None:
    for name in NAMES:
        assert (await clustered.cluster.jetstream(name))["config"]["sync_always"] is True
    for stream in (CITY, SUPERVISION):
        assert (await clustered.state(stream))["config"]["num_replicas"] == len(NAMES)
    await clustered.is_replicated(CITY, SUPERVISION)


async def test_the_doors_stay_open_while_two_of_three_servers_are_away(
    clustered: ClusteredTown, undisturbed: Canonical
) -> None:
    start_roles(clustered)
    await by_bus(clustered.town, MONTH[:HALF])
    clustered.cluster.kill(*NAMES[1:])
    await by_http(clustered.town, MONTH[HALF:])
    clustered.cluster.start(*NAMES[1:])
    await assert_recovered(clustered.town, MONTH, undisturbed)


async def test_who_was_told_of_one_server_finds_the_others_by_what_it_tells(
    nursery: Nursery, undisturbed: Canonical
) -> None:
    with folder() as place:
        async with clustered_town(place, nursery, gossips=True) as clustered:
            start_roles(clustered)
            await all_is_well(clustered.town)
            await by_bus(clustered.town, MONTH[:HALF])
            clustered.cluster.kill(NAMES[0])
            await by_http(clustered.town, MONTH[HALF:])
            await assert_recovered(clustered.town, MONTH, undisturbed)
