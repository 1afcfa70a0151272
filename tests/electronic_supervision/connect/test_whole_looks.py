"""A source is known through the beginning of the last look that was whole and succeeded."""

from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
import pytest

from kernel.database import borrowed
from services.electronic_supervision.connect import folder, read_files, runs
from services.electronic_supervision.connect.ready import connectors_are_well
from services.electronic_supervision.connect.worker import Worker
from services.electronic_supervision.doors.systems import looked_through
from tests.electronic_supervision.connect.site import NOW, PERMITS, A, B, Site
from tests.electronic_supervision.connect.test_views import theirs, view
from tests.electronic_supervision.connect.test_worker import hasty, state, working
from tests.waiting import until

__all__ = ["theirs"]

THROUGH = "select looked_through from connector where name = 'permits'"
BAD_VIEW = """
create view permits.v_bad as
select 编号, 单位, 事项, 受理, 到期, 办结, (编号 || ' 王小明 340203198001011234')::date as 修改
from permits.items
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (folder, read_files):
        monkeypatch.setattr(module, "STILL_SECONDS", 0.05)


async def through(site: Site) -> datetime | None:
    found: datetime | None = await site.pool.fetchval(THROUGH)
    return found


async def is_known(site: Site, at: datetime) -> bool:
    return await through(site) == at


async def clock(site: Site) -> None:
    """Let every question for the time be answered a minute later than the one before."""
    seen = iter(range(10_000))

    async def now(_: asyncpg.Connection) -> datetime:
        return NOW + timedelta(minutes=next(seen))

    site.desk = replace(site.desk, now=now)


async def test_a_look_counts_from_its_beginning(site: Site) -> None:
    await clock(site)
    worker = Worker(desk=site.desk, connector=site.connector)
    await worker.look(await site.lease(), site.watch)
    assert await through(site) == NOW, "what came during the look may not have been seen"


async def test_a_file_that_lies_there_unread_holds_its_source(site: Site) -> None:
    await clock(site)
    worker = Worker(desk=site.desk, connector=site.connector)
    site.drop(A)
    await worker.look(await site.lease(), site.watch)
    assert await through(site) is None, "nobody knows what the file says"


async def test_a_file_that_can_not_be_read_holds_its_source_until_a_good_one(site: Site) -> None:
    (site.drops / "坏.csv").write_text("编号,其他\n1,2\n", encoding="utf-8")
    async with working(site, hasty(site)):
        await until(lambda: state(site, "permits", "file-unread"))
        assert await through(site) is None
        site.drop(B, name="好.csv")
        await until(lambda: state(site, "permits", ""))
        await until(lambda: is_known(site, NOW))


async def test_a_packed_file_that_is_damaged_holds_its_source_even_after_a_start(
    site: Site,
) -> None:
    (site.drops / "坏.csv.gz").write_bytes(b"broken")
    for _ in range(2):
        async with working(site, hasty(site)):
            await until(lambda: state(site, "permits", "file-unread"))
    assert await through(site) is None
    site.drop(B, name="好.csv")
    async with working(site, hasty(site)):
        await until(lambda: is_known(site, NOW))


async def test_a_look_that_fails_leaves_what_is_known(site: Site) -> None:
    worker = Worker(desk=site.desk, connector=site.connector)
    minute = timedelta(minutes=1)
    await worker.note(runs.Trouble(), minute, NOW)
    await worker.note(runs.Trouble(code="database-failed", message="x"), minute, NOW + minute)
    assert await through(site) == NOW


async def test_another_place_was_never_looked_at(site: Site) -> None:
    worker = Worker(desk=site.desk, connector=site.connector)
    await worker.note(runs.Trouble(), timedelta(minutes=1), NOW)
    async with borrowed(site.pool) as connection:
        await runs.configure(connection, [site.connector])
        assert await looked_through(connection) == {PERMITS.source: NOW}
        await runs.configure(connection, [hasty(site, "elsewhere")])
        assert await looked_through(connection) != {PERMITS.source: NOW}
        await runs.configure(connection, [])
        assert await looked_through(connection) == {}, "a connector that is no more holds on"


async def test_no_value_of_a_row_leaves_another_system(
    site: Site, theirs: asyncpg.Connection
) -> None:
    await theirs.execute(BAD_VIEW)
    await view(site, view="permits.v_bad")
    trouble = await site.look()
    await runs.looked(site.connection, "permits", site.now, timedelta(minutes=1), trouble)
    (told,) = await connectors_are_well(site.pool)()
    for shown in (told.message, trouble.message, (await site.last())["message"]):
        assert "王小明" not in shown
    assert "22007" in trouble.message, "an operator can't tell what is wrong"
    assert "permits" in told.message
    assert "database-failed" in told.message
    assert trouble.message not in told.message
