"""Connectors side by side: one process runs each, and none suffers for another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from kernel.database import borrowed, instant
from services.electronic_supervision.connect import folder, read_files, runs
from services.electronic_supervision.connect.connector import Connector, Folder
from services.electronic_supervision.connect.metrics import ConnectMetrics
from services.electronic_supervision.connect.ready import connectors_are_well
from services.electronic_supervision.connect.worker import Worker
from services.electronic_supervision.doors.partners import shown_as
from services.electronic_supervision.doors.systems import CitySystem, admit
from tests.electronic_supervision.connect.site import NOW, PERMITS, A, B, Site
from tests.waiting import until

SOON = timedelta(seconds=0.05)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (folder, read_files):
        monkeypatch.setattr(module, "STILL_SECONDS", 0.05)


def hasty(
    site: Site, path: str = "drops", name: str = "permits", source: str = PERMITS.source
) -> Connector:
    place = site.connector.place
    assert isinstance(place, Folder)
    quick = replace(place, path=site.folder / path, every=SOON)
    return replace(site.connector, place=quick, name=name, source=source)


@asynccontextmanager
async def working(site: Site, *connectors: Connector, holders: int = 1) -> AsyncIterator[None]:
    """Let connectors work in so many processes."""
    async with borrowed(site.pool) as connection:
        await runs.configure(connection, connectors)
    desks = [replace(site.desk, holder=f"holder-{number}") for number in range(holders)]
    tasks = [
        asyncio.create_task(Worker(desk=desk, connector=each).run())
        for desk in desks
        for each in connectors
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def facts(site: Site, number: int) -> bool:
    return bool(await site.pool.fetchval("select count(*) = $1 from event", number))


async def state(site: Site, name: str, code: str) -> bool:
    return bool(
        await site.pool.fetchval(
            "select exists (select from connector where name = $1 and code = $2)", name, code
        )
    )


async def test_of_many_processes_one_reads(site: Site) -> None:
    async with working(site, hasty(site), holders=3):
        site.drop(A)
        await until(lambda: facts(site, 1))
        site.drop(B, name="2.csv")
        await until(lambda: facts(site, 3))
    assert [each["place"] for each in await site.runs()] == ["办件.csv", "2.csv"]


async def test_a_connector_that_fails_stops_no_other_and_not_its_process(site: Site) -> None:
    await admit(site.connection, CitySystem(name="other", source="/other"))
    broken = hasty(site, "nowhere", name="broken", source="/other")
    async with working(site, broken, hasty(site)):
        await until(lambda: state(site, "broken", "folder-unreadable"))
        site.drop(A)
        await until(lambda: facts(site, 1))
        (site.folder / "nowhere").mkdir()
        await until(lambda: state(site, "broken", ""))


async def test_an_error_of_ours_is_told_and_stops_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(*_: object) -> None:
        raise KeyError("slip")

    monkeypatch.setattr(folder.Watch, "ready", spoilt)
    async with working(site, hasty(site)):
        await until(lambda: state(site, "permits", "connector-error"))
    found = await connectors_are_well(site.pool)()
    assert [(each.code, each.is_in_the_way) for each in found] == [("connector-failing", False)]
    assert "slip" not in found[0].message


async def test_a_source_that_was_never_admitted_says_nothing(site: Site) -> None:
    stranger = hasty(site, name="stranger", source="/stranger")
    site.drop(A)
    async with working(site, stranger):
        await until(lambda: state(site, "stranger", "source-unknown"))
        assert await facts(site, 0)
        await admit(site.connection, CitySystem(name="stranger", source="/stranger"))
        await until(lambda: state(site, "stranger", ""))


async def shown(site: Site, revoked_at: datetime | None) -> None:
    await shown_as(
        site.connection,
        name=site.system.name,
        title=site.system.title,
        subscribes=[],
        units=[],
        durable=False,
        has_keys=False,
        added_at=NOW,
        revoked_at=revoked_at,
    )


async def test_nobody_speaks_for_a_partner_that_takes_part_no_more(site: Site) -> None:
    await shown(site, revoked_at=NOW)
    site.drop(A)
    async with working(site, hasty(site)):
        await until(lambda: state(site, "permits", "source-revoked"))
    assert await facts(site, 0)
    await shown(site, revoked_at=None)
    async with working(site, hasty(site)):
        await until(lambda: facts(site, 1))


async def test_a_view_that_fails_is_asked_less_and_less_often(site: Site) -> None:
    place = {"database": {"url": "NOT_SET", "view": "v", "every": "1s"}}
    await site.connect(place=place)
    worker = Worker(desk=replace(site.desk, now=instant), connector=site.connector)
    waits = [
        await worker.note(runs.Trouble(code="database-failed", message="x"), timedelta(minutes=1))
        for _ in range(6)
    ]
    assert [each // timedelta(minutes=1) for each in waits] == [1, 2, 4, 8, 10, 10]
    assert await worker.note(runs.Trouble(), timedelta(minutes=1)) == timedelta(minutes=1)
    hourly = timedelta(hours=1)
    assert await worker.note(runs.Trouble(code="x", message="x"), hourly) == hourly


async def test_connectors_that_are_configured_no_more_are_forgotten(site: Site) -> None:
    other = replace(site.connector, name="other", source="/other")
    await runs.configure(site.connection, [site.connector, other])
    await runs.configure(site.connection, [site.connector])
    names = await site.connection.fetch("select name from connector")
    assert [row["name"] for row in names] == ["permits"]


async def test_what_became_of_rows_is_counted(site: Site) -> None:
    registry = CollectorRegistry()
    site.desk = replace(site.desk, metrics=ConnectMetrics(registry))
    await site.looks(A, B, "C3,局,事,乱写,,")
    text = generate_latest(registry).decode()
    for line in (
        'xiaoneng_connector_cases_total{connector="permits",outcome="new"} 2.0',
        'xiaoneng_connector_cases_total{connector="permits",outcome="bad"} 1.0',
        'xiaoneng_connector_events_total{connector="permits"} 3.0',
    ):
        assert line in text
