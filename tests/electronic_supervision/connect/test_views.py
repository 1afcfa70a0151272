"""A view of another system's database is read again and again, and never changed."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from services.electronic_supervision.connect import view_rows
from services.electronic_supervision.connect.connector import View
from services.electronic_supervision.log.refusal import BadLogError
from tests.electronic_supervision.connect.site import BY_CASE, NOW, Site

MAKE = """
drop schema if exists permits cascade;
create schema permits;
create table permits.items (
    编号 text, 单位 text, 事项 text, 受理 timestamp, 到期 date, 办结 timestamptz, 修改 timestamp
);
create view permits.v_items as select * from permits.items;
insert into permits.items values
    ('A1', '住建局', '施工许可', '2026-11-02 09:00', '2026-11-20', null, '2026-11-23 08:00'),
    ('B2', '城管局', '占道许可', '2026-11-03 10:00', '2026-11-24', '2026-11-10 08:00Z',
     '2026-11-23 09:00');
"""


@pytest.fixture
async def theirs(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.url())
    await connection.execute(MAKE)
    yield connection
    await connection.execute("drop schema permits cascade")
    await connection.close()


def url_of(site: Site) -> str:
    return site.url.replace("postgresql://", "postgresql+psycopg://", 1)


async def view(site: Site, **more: object) -> None:
    place = {"url": url_of(site), "view": "permits.v_items", "every": "1s", **more}
    await site.connect(place={"database": {name: each for name, each in place.items() if each}})


@pytest.mark.usefixtures("theirs")
async def test_a_view_is_told_row_by_row(site: Site) -> None:
    await view(site)
    assert (await site.look()).code == ""
    assert await site.told() == [
        ("A1", "case-accepted", "11-02 09:00"),
        ("B2", "case-accepted", "11-03 10:00"),
        ("B2", "case-decided", "11-10 16:00"),
    ]
    last = await site.last()
    assert (last["place"], last["entries"]) == ("permits.v_items", 2)


async def test_only_what_changed_in_a_view_is_told(site: Site, theirs: asyncpg.Connection) -> None:
    await view(site)
    await site.look()
    await theirs.execute("update permits.items set 办结 = '2026-11-12 08:00Z' where 编号 = 'A1'")
    await theirs.execute("delete from permits.items where 编号 = 'B2'")
    await site.look()
    assert (await site.told())[3:] == [("A1", "case-decided", "11-12 16:00")]
    await site.look()
    assert len(await site.told()) == 4
    assert (await site.last())["unchanged"] == 1


async def test_a_column_of_changes_spares_reading_the_rest(
    site: Site, theirs: asyncpg.Connection
) -> None:
    await view(site, updated="修改")
    await site.look()
    changed = "update permits.items set 单位 = '市容局', 修改 = $2 where 编号 = $1"
    await theirs.execute("update permits.items set 修改 = '2026-11-20' where 编号 = 'A1'")
    await site.look()
    assert (await site.last())["entries"] == 1, "what is old was read again"
    await theirs.execute(changed, "A1", NOW.replace(tzinfo=None))
    await site.look()
    assert (await site.case("A1")).unit == "市容局"


async def test_a_row_that_became_visible_late_is_found(
    site: Site, theirs: asyncpg.Connection
) -> None:
    await view(site, updated="修改")
    await site.look()
    late = "insert into permits.items values ('C3', '局', '事', '2026-11-04', null, null, $1)"
    await theirs.execute(late, NOW.replace(hour=8, minute=30, tzinfo=None))
    await site.look()
    assert "C3" in {case for case, _, _ in await site.told()}, "committed after a later one"


async def test_all_rows_are_read_again_once_a_day_and_by_another_map(
    site: Site, theirs: asyncpg.Connection
) -> None:
    await view(site, updated="修改")
    await site.look()
    await theirs.execute("update permits.items set 修改 = '2026-11-20' where 编号 = 'A1'")
    site.now = NOW.replace(day=24, hour=13)
    await site.look()
    assert (await site.last())["entries"] == 2
    await site.look()
    assert (await site.last())["entries"] == 1
    without = BY_CASE.replace("  due_at: 到期\n", "")
    place = {"url": url_of(site), "view": "permits.v_items", "updated": "修改"}
    await site.connect(without, place={"database": place})
    await site.look()
    assert (await site.last())["entries"] == 2


@pytest.mark.usefixtures("theirs")
async def test_a_query_may_contain_what_it_likes(site: Site) -> None:
    query = "select *, '10:30 %s :x'::text as 备注 from permits.items where 单位 like '住%';"
    await view(site, view=None, query=query)
    assert (await site.look()).message == ""
    assert [case for case, _, _ in await site.told()] == ["A1"]
    await view(site, view=None, query=query, updated="修改")
    assert (await site.look()).message == ""
    assert (await site.look()).message == ""


async def test_a_connector_can_not_change_what_it_reads(
    site: Site, theirs: asyncpg.Connection
) -> None:
    evil = "with gone as (delete from permits.items returning *) select * from gone"
    await view(site, view=None, query=evil)
    trouble = await site.look()
    assert trouble.code == "database-failed"
    assert await theirs.fetchval("select count(*) from permits.items") == 2
    await theirs.execute("create sequence permits.counter")
    await view(site, view=None, query="select nextval('permits.counter'), * from permits.items")
    assert (await site.look()).code == "database-failed", "a rollback does not undo this"
    two = "select * from permits.items) as x; delete from permits.items; select * from (select 1"
    await view(site, view=None, query=two)
    await site.look()
    assert await theirs.fetchval("select count(*) from permits.items") == 2


async def test_a_database_that_is_away_is_told_of_without_its_password(site: Site) -> None:
    url = "postgresql+psycopg://me:s3cret-word@127.0.0.1:1/permits"
    await site.connect(place={"database": {"url": url, "view": "v"}})
    trouble = await site.look()
    assert trouble.code == "database-failed"
    assert "s3cret" not in trouble.message
    assert "s3cret" not in str(await site.runs())


async def test_a_wrong_password_is_not_shown(site: Site) -> None:
    url = url_of(site).replace("postgresql+psycopg://", "")
    host = url.rpartition("@")[2]
    wrong = f"postgresql+psycopg://postgres:s3cret-word@{host}"
    await site.connect(place={"database": {"url": wrong, "view": "v"}})
    trouble = await site.look()
    assert trouble.code == "database-failed"
    assert "s3cret" not in trouble.message


async def test_a_view_that_lacks_a_column_is_told_of(
    site: Site, theirs: asyncpg.Connection
) -> None:
    await view(site, updated="更新")
    assert (await site.look()).code == "column-missing"
    await theirs.execute("create view permits.v_less as select 编号, 受理 from permits.items")
    await view(site, view="permits.v_less")
    assert (await site.look()).code == "column-missing"
    await view(site, view="permits.v_none")
    assert (await site.look()).code == "database-failed"


@pytest.mark.parametrize(
    ("url", "words"),
    [("PERMITS_URL", "没有设置环境变量"), ("nosuch://host/db", "驱动"), ("mssql://h/d", "驱动")],
)
async def test_a_database_that_nobody_can_ask_is_told_of(site: Site, url: str, words: str) -> None:
    await site.connect(place={"database": {"url": url, "view": "v"}})
    trouble = await site.look()
    assert (trouble.code, words in trouble.message) == ("database-unconfigured", True)


async def test_a_file_of_sqlite_is_a_database_too(site: Site, folder: Path) -> None:
    path = folder / "permits.db"
    database = sqlite3.connect(path)
    with database:
        database.execute("create table items (编号, 单位, 事项, 受理, 到期, 办结)")
        database.execute(
            "insert into items values ('A1', '局', 7, '2026-11-02 09:00', '2026-11-20', null)"
        )
    database.close()
    site.environment["PERMITS"] = f"sqlite:///{path}"
    await site.connect(place={"database": {"url": "PERMITS", "view": "items"}})
    assert (await site.look()).code == ""
    assert await site.told() == [("A1", "case-accepted", "11-02 09:00")]


def test_sqlite_is_read_only_too(folder: Path) -> None:
    url = f"sqlite:///{folder / 'other.db'}"
    asked = View(url=url, view="", query="select 1", updated="", every=NOW - NOW)
    with (
        view_rows.connected(view_rows.url_of(asked, {})) as connection,
        pytest.raises(Exception, match="readonly"),
    ):
        connection.exec_driver_sql("create table x (y)")


@pytest.mark.parametrize(
    ("row", "case"),
    [
        ("select null as 编号, '2026-11-02' as 受理", None),
        ("select 7 as 编号, timestamp '2026-11-02 09:00' as 受理", "7"),
        ("select 7.50 as 编号, date '2026-11-02' as 受理", "7.5"),
        ("select 100 as 编号, timestamptz '2026-11-02 09:00Z' as 受理", "100"),
        ("select true as 编号, '2026/11/2' as 受理", "TRUE"),
    ],
)
async def test_values_of_a_database_are_read_as_what_they_are(
    site: Site, row: str, case: str | None
) -> None:
    log_map = "source: /wuhu/permits\ncase: {id: 编号, accepted_at: 受理}\n"
    await site.connect(log_map, place={"database": {"url": url_of(site), "query": row}})
    assert (await site.look()).message == ""
    assert [each for each, _, _ in await site.told()] == ([] if case is None else [case])
    assert len(await site.held()) == (case is None)


def test_a_refusal_is_one_of_a_log() -> None:
    assert issubclass(view_rows.ViewError, BadLogError)
