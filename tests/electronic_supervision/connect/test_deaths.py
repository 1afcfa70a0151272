"""A connector may die at any point: nothing is lost, and nothing is told twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from typing import Any

import asyncpg
import pytest

from kernel.lease import Lease, LeaseLostError, acquire
from services.electronic_supervision.connect import case_rows
from services.electronic_supervision.connect.read_files import read_files
from services.electronic_supervision.connect.run import Turn
from tests.electronic_supervision.connect.site import HEADER, PERMITS, A, Site
from tests.waiting import until

FIRST = [
    *(f"C{number},局,事项,2026-11-02 09:0{number},2026-11-20," for number in range(4)),
    "D1,局,事项,乱写,2026-11-20,",
]
SECOND = [
    "C0,局,事项,2026-11-02 09:00,2026-11-20,2026-11-12 10:00",
    "C1,另一局,事项,2026-11-02 09:01,2026-11-20,",
    *FIRST[2:4],
    "D1,局,事项,2026-11-02 09:00,2026-11-20,",
    "E1,局,事项,再乱写,2026-11-20,",
]
MANY = 20_000


class Dead(BaseException):
    """The process is no more."""


class Mortal(asyncpg.Connection):
    """A connection that is cut off, with its process, before so many more statements or after."""

    left: "count[int] | None" = None
    dies_at = 0

    async def _mortal(self, what: str, query: str, args: Any, options: Any) -> Any:
        self._pass()
        answer = await getattr(super(), what)(query, *args, **options)
        self._pass()
        return answer

    def _pass(self) -> None:
        if Mortal.left is not None and next(Mortal.left) == Mortal.dies_at:
            self.terminate()
            raise Dead

    async def execute(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("execute", query, args, options)

    async def fetch(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("fetch", query, args, options)

    async def fetchval(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("fetchval", query, args, options)


@asynccontextmanager
async def mortal(site: Site, point: int) -> AsyncIterator[None]:
    """Let the site's connector die at a point, counted from 1; its process begins anew."""
    kept, Mortal.dies_at = site.pool, point
    site.pool = await asyncpg.create_pool(
        site.url,
        min_size=0,
        connection_class=Mortal,
        server_settings={"search_path": site.schema},
    )
    await site.connect()
    Mortal.left = count(1)
    try:
        yield
    finally:
        Mortal.left = None
        site.pool.terminate()
        site.pool = kept
        await site.connect()


async def story(site: Site) -> tuple[object, ...]:
    """Return all that stands on record, but for when and how often it was tried."""
    rows = await site.connection.fetch("select id, data from event order by id")
    held = await site.connection.fetch("select id, settled, message from quarantine order by id")
    return [tuple(row) for row in rows], [tuple(row) for row in held]


async def undisturbed(site: Site) -> tuple[object, ...]:
    await site.looks(*FIRST, name="1.csv")
    await site.looks(*SECOND, name="2.csv", header=f"{HEADER},备注")
    found = await story(site)
    for each in site.drops.iterdir():
        each.unlink()
    await site.connection.execute(
        "truncate event, seen, quarantine, connector_case, connector_file, connector_run cascade"
    )
    return found


async def test_a_connector_may_die_around_any_statement(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_rows, "AT_ONCE", 2)
    expected = await undisturbed(site)
    deaths = 0
    for name, rows, header in (("1.csv", FIRST, HEADER), ("2.csv", SECOND, f"{HEADER},备注")):
        site.drop(*rows, name=name, header=header)
        for point in count(1):
            try:
                async with mortal(site, point):
                    await site.look()
            except (Dead, asyncpg.InterfaceError):  # the latter of a transaction that was cut off
                deaths += 1
            else:
                break
    assert deaths > 60, "it died too seldom for a proof"
    await site.look()
    assert await story(site) == expected
    codes = [each["code"] for each in await site.runs()]
    assert codes.count("") == 2
    assert all(each["ended_at"] for each in await site.runs())


async def test_a_process_killed_at_any_time_leaves_no_trace(site: Site) -> None:
    rows = [f"K{number},局,事项,2026-11-02 09:00,2026-11-20," for number in range(MANY)]
    site.drop(*rows)
    for share in (0, 0.1, 0.4, 0.7):
        victim = started(site)
        await until(partial(told_more_than, site, share * MANY))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        await site.connection.execute("update lease set expires_at = '-infinity'")
    last = started(site)
    try:
        await until(lambda: read_to_its_end(site))
    finally:
        last.kill()
        last.wait()
    numbers = await site.connection.fetch("select data::json -> 'data' ->> 'case' as n from event")
    assert len(numbers) == len({row["n"] for row in numbers}) == MANY


def started(site: Site) -> "subprocess.Popen[bytes]":
    """Run the site's connectors in a process of their own."""
    command = [sys.executable, "-m", "tests.electronic_supervision.connect.victim"]
    told = {
        "VICTIM_URL": site.url,
        "VICTIM_SCHEMA": site.schema,
        "VICTIM_FILE": str(site.folder / "connectors.yaml"),
    }
    return subprocess.Popen(command, env={**os.environ, **told})


async def told_more_than(site: Site, facts: float) -> bool:
    return bool(await site.pool.fetchval("select count(*) > $1 from event", int(facts)))


async def read_to_its_end(site: Site) -> bool:
    return bool(await site.connection.fetchval("select count(*) from connector_file"))


async def turn_of(site: Site, lease: Lease) -> Turn:
    return Turn(desk=site.desk, connector=site.connector, system=PERMITS, lease=lease)


async def test_a_zombie_can_not_tell_anything(site: Site) -> None:
    lease = await site.lease()
    await site.connection.execute("update lease set expires_at = '-infinity'")
    other = await acquire(site.connection, lease.name, "another")
    assert other is not None
    site.drop(A)
    assert site.watch is not None
    await read_files(await turn_of(site, lease), site.watch, 0)
    with pytest.raises(LeaseLostError):
        await read_files(await turn_of(site, lease), site.watch, 10)
    assert await site.told() == []
    assert await site.connection.fetchval("select count(*) from connector_file") == 0


async def test_who_is_told_to_stop_leaves_the_rest_to_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_rows, "AT_ONCE", 1)
    site.drop(*(f"S{number},局,事项,2026-11-02 09:00,2026-11-20," for number in range(300)))
    looking = asyncio.create_task(site.look())
    await until(lambda: told_more_than(site, 3))
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert not await read_to_its_end(site)
    await site.connect()
    await site.look()
    assert len(await site.told()) == 300
