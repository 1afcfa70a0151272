"""The pages of connectors: how each stands, what its runs did, which rows could not be told."""

import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, expect

from kernel.database import instant, open_pool
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.runs import Trouble
from services.electronic_supervision.tenancy import TENANCY
from tests.console import town
from tests.console.conftest import Axe
from tests.electronic_supervision.connect.site import Site
from tests.electronic_supervision.live.said import APPROVALS
from tests.system.stack import Process, Stack

PAGE = "/console/connectors"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
HOSTILE = "<img src=x onerror=alert(1)>'\"&.csv"


@pytest.fixture
async def site(shared_city: Stack, supervision: Process) -> AsyncIterator[Site]:
    """Return a connector that speaks for the approvals system of the town."""
    assert supervision.port
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    connection = await shared_city.database()
    pool = await open_pool(shared_city.postgres.url(), TENANCY.name)
    made = Site(
        pool=pool,
        connection=connection,
        folder=folder,
        url=shared_city.postgres.url(),
        schema=TENANCY.name,
        now=town.TODAY,
        system=APPROVALS,
    )
    await connection.execute("truncate connector, connector_run, connector_file cascade")
    await made.connect()
    yield made
    await pool.close()
    await connection.close()
    shutil.rmtree(folder)


async def looks(site: Site, *rows: str, name: str = "办件.csv") -> None:
    await site.looks(*rows, name=name)
    await looked(site, Trouble())


async def looked(site: Site, trouble: Trouble) -> None:
    """Note a look as its worker would, by the clock of the town."""
    seconds = site.connector.place.every
    await runs.looked(site.connection, "permits", site.now, seconds, trouble)


def row(number: str, accepted: str = "2026-11-02 09:00") -> str:
    return f"{number},住建局,施工许可,{accepted},2026-12-20,"


async def text(console: httpx.AsyncClient, url: str = PAGE) -> str:
    answer = await console.get(url)
    assert answer.status_code == 200, answer.text
    return unescape(" ".join(re.sub("<[^>]+>", " ", answer.text).split()))


async def test_a_page_tells_how_a_connector_stands_and_what_its_runs_did(
    site: Site, console: httpx.AsyncClient
) -> None:
    await looks(site, row(town.number()), row(town.number(), "乱写"))
    page = await text(console)
    assert "permits" in page
    assert "每 10 秒" in page
    assert "办件.csv" in page
    assert "已读完 2 1 0 0 1 1" in page, "rows, new, changed, unchanged, events, bad"
    assert "不再出现的行不作为撤销" in page


async def test_a_run_leads_to_its_bad_rows_and_these_to_quarantine(
    site: Site, console: httpx.AsyncClient
) -> None:
    await looks(site, row(town.number(), "乱写"))
    number = (await site.last())["number"]
    listed = (await console.get(PAGE)).text
    assert f"{PAGE}/runs/{number}#bad" in listed
    page = (await console.get(f"{PAGE}/runs/{number}")).text
    assert "办件.csv 第 2 行“受理”：时间无法识别" in page
    (message,) = re.findall(r"/console/quarantine/(\w+)", page)
    told = await text(console, f"/console/quarantine/{message}")
    assert "表格或视图中的一行无法报送：办件.csv 第 2 行“受理”：时间无法识别" in told
    assert "重新导出" in told


async def test_a_failing_connector_is_told_of_in_words(
    site: Site, console: httpx.AsyncClient
) -> None:
    trouble = Trouble(code="folder-unreadable", message="无法查看目录 /数据：没有这个目录。")
    await looked(site, trouble)
    await looked(site, trouble)
    page = await text(console)
    assert "连续 2 次未成" in page
    assert trouble.message in page


async def test_a_connector_that_nobody_runs_is_told_of(
    site: Site, console: httpx.AsyncClient
) -> None:
    site.now = town.TODAY.replace(hour=1)
    await looked(site, Trouble())
    assert "没有进程在运行" in await text(console)


async def test_nothing_a_file_is_called_is_taken_for_markup(
    site: Site, console: httpx.AsyncClient
) -> None:
    await looks(site, row("<b>1</b>", "<script>"), name=HOSTILE.replace("/", ""))
    number = (await site.last())["number"]
    for url in (PAGE, f"{PAGE}/runs/{number}"):
        page = (await console.get(url)).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


async def test_runs_are_turned_page_by_page(site: Site, console: httpx.AsyncClient) -> None:
    now = await instant(site.connection)
    for number in range(120):
        await runs.begin(site.connection, "permits", f"文件{number:03}.csv", now)
    url, met = PAGE, list[str]()
    for _ in range(3):
        page = (await console.get(url)).text
        met += re.findall(r"文件\d{3}.csv", re.sub("aria-label.*?>", "", page))
        if found := re.search('href="([^"]+)" rel="next"', page):
            url = unescape(found[1])
    assert met == [f"文件{number:03}.csv" for number in reversed(range(120))]
    assert (await console.get(PAGE, params={"after": "xyz"})).status_code == 400
    other = (await console.get(PAGE, params={"connector": "other"})).text
    assert "文件" not in other.partition("runs-title")[2].partition("还没有读取过")[0]


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 30, "-1"])
async def test_a_run_that_never_was_is_not_found(console: httpx.AsyncClient, number: str) -> None:
    assert (await console.get(f"{PAGE}/runs/{number}")).status_code == 404


async def test_a_part_is_the_list_alone(site: Site, console: httpx.AsyncClient) -> None:
    assert site.connector.name == "permits"
    page = (await console.get(PAGE, headers=PART)).text
    assert page.lstrip().startswith('<div id="connectors"')


async def test_nobody_without_a_right_sees_connectors(supervision: Process) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{supervision.port}") as stranger:
        for url in (PAGE, f"{PAGE}/runs/1"):
            assert (await stranger.get(url)).status_code in {401, 303}


@pytest.mark.browser
async def test_the_pages_hold_no_barriers_and_follow_what_happens(
    site: Site, page: Page, axe: Axe
) -> None:
    await looks(site, row(town.number()), row(town.number(), "乱写"))
    await page.goto(PAGE)
    await axe(page)
    await looks(site, row(town.number()), name="后来的.csv")
    await expect(page.get_by_role("link", name="后来的.csv")).to_be_visible(timeout=20_000)
    await page.get_by_role("link", name="办件.csv", exact=True).click()
    await expect(page.get_by_role("heading", name="坏行 1 行")).to_be_visible()
    await axe(page)
