"""Who is told to stop does, whatever becomes of the servers meanwhile."""

import os
import signal

import pytest

from tests.resilience.deadline import comes_true
from tests.resilience.recovery import all_is_well
from tests.resilience.town import Town

TIMES = 2
SECONDS = 12
"""A container has 15 before it is killed."""


async def running(city: Town) -> object:
    return [life.parts for life in city.lives if not life.has_ended()]


@pytest.mark.parametrize("servers", ["database", "bus", "both"])
async def test_services_end_that_are_told_to_as_their_servers_end_too(
    city: Town, servers: str
) -> None:
    for _ in range(TIMES):
        for parts in ((), ("intake", "loop", "relay")):
            city.start(*parts)
        await all_is_well(city)
        if servers in {"database", "both"}:
            lock = city.folder / "postgres" / "data" / "postmaster.pid"
            os.kill(int(lock.read_text().splitlines()[0]), signal.SIGINT)
        if servers in {"bus", "both"}:
            city.kill_nats()
        for life in city.lives:
            life.send(signal.SIGTERM)
        await comes_true("who is told to stop stops", lambda: running(city), SECONDS)
        city.kill_services()  # they have ended: what stood for them is closed
        if servers in {"database", "both"}:
            city.postgres_exit.close()
            city.start_postgres()
        if servers in {"bus", "both"}:
            city.start_nats()
