"""Findings over time in a real browser: found, opened, understood, and followed to their cases."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from prometheus_client import CollectorRegistry

from kernel.bell import Bell
from kernel.database import instant, open_pool
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from kernel.web.serve import serve
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.pages.case.page import case_router
from services.electronic_supervision.pages.cases.page import cases_router
from services.electronic_supervision.pages.leads.page import leads_router
from services.electronic_supervision.pages.overview.page import overview_router
from services.electronic_supervision.pages.routers import pages
from services.electronic_supervision.reading.desk import Desk
from tests.console.conftest import Axe
from tests.console.cookie import carry
from tests.console.register_town import TOKENS
from tests.electronic_supervision.live.conftest import OFFICE
from tests.electronic_supervision.live.said import accepted, decided, event, local
from tests.electronic_supervision.patterns.conftest import BEGIN, Watch, steps_on, watch
from tests.electronic_supervision.patterns.test_shares import MANY_REQUESTS

__all__ = ["watch"]

pytestmark = pytest.mark.browser

LEADS = "/console/leads"
ROUTERS = (leads_router, cases_router, case_router, overview_router)
NAME = "insert into unit_told (code, name) select distinct unit, '市住房和城乡建设局' from docket"


@pytest.fixture
async def town(watch: Watch) -> AsyncIterator[int]:
    """Serve a city in which a unit has too many steps, and asks for papers again and again."""
    await watch.enact(MANY_REQUESTS)
    for number in range(20):
        case = f"补正{number}"
        days = (str(BEGIN), str(BEGIN), "2026-11-03")
        asked = [
            event("supplement-requested", f"{day} 1{hour}:00", case, materials=[{"name": "图"}])
            for hour, day in enumerate(days)
        ]
        closed = decided("2026-11-03 16:00", case)
        await watch.city.hears(
            accepted(f"{BEGIN} 09:00", case), *asked, closed, at="2026-11-03 17:00"
        )
    await watch.until("2026-11-03 18:00")
    await watch.city.hears(*steps_on([3, 4, 5]), at="2026-11-20 10:00")
    await watch.until("2026-11-21 10:00")
    await watch.connection.execute(NAME)
    pool = await open_pool(watch.city.url, watch.city.settings["search_path"])
    desk = Desk(
        pool=pool,
        court=Court(law=stated_law(OFFICE), settle={}),
        facts=Bell(pool, "facts"),
        clock=lambda: local("2026-11-21 10:00"),
        now=instant,
    )
    app = create_app(
        title="test",
        routers=[each(desk) for each in ROUTERS],
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(token): holder for token, holder in TOKENS.items()}),
        pages=[pages("")],
    )
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=listening.set_result))
    yield await listening
    serving.cancel()
    await asyncio.wait([serving])
    await pool.close()


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["desk", "phone"])
async def keeper(
    browser: Browser, town: int, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    width, height = request.param
    context = await browser.new_context(
        base_url=f"http://127.0.0.1:{town}",
        locale="zh-CN",
        viewport={"width": width, "height": height},
    )
    await carry(context, town, "keeper")
    page = await context.new_page()
    yield page
    await context.close()


async def test_a_lead_is_found_opened_and_understood(keeper: Page, axe: Axe) -> None:
    await keeper.goto(LEADS)
    await axe(keeper)
    rows = keeper.locator("tr[data-row]")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("黄牌")
    await keeper.get_by_label("级别").select_option("lead")
    await keeper.get_by_role("button", name="筛选").click()
    await expect(rows).to_have_count(1)
    await rows.get_by_role("link", name="多次补正").click()
    await axe(keeper)
    main = keeper.locator("main")
    for words in (
        "线索只供人工核查，不据此发牌，也不计入考核。",
        "99%置信区间",
        "偶然达到此数的机会",
        "《芜湖市机关效能建设规定》第九条",
    ):
        await expect(main).to_contain_text(words)
    await expect(keeper.locator("tr[data-row]")).to_have_count(20)
    case = keeper.get_by_role("link", name="补正19")
    assert str(await case.get_attribute("href")).startswith("/console/cases/")


async def test_nothing_of_the_pages_sticks_out(keeper: Page) -> None:
    await keeper.goto(LEADS)
    links = await keeper.locator("tr[data-row] td a").evaluate_all("all => all.map((a) => a.href)")
    for address in (LEADS, f"{LEADS}?state=lifted", *links):
        await keeper.goto(address)
        wide = await keeper.evaluate("document.documentElement.scrollWidth")
        assert wide <= (keeper.viewport_size or {"width": 0})["width"], address


async def test_the_page_of_a_case_names_the_findings_that_count_it(keeper: Page, axe: Axe) -> None:
    await keeper.goto("/console/cases?q=办件0")
    await keeper.goto(await case_url(keeper, "办件0"))
    counted = keeper.locator("section").filter(has_text="本件计入的跨办件判定和线索").first
    await expect(counted).to_contain_text("黄牌")
    await axe(keeper)
    await counted.get_by_role("link", name="环节过多").click()
    await expect(keeper.locator("h1")).to_contain_text("环节过多")


async def test_the_list_of_cases_shows_what_was_known_when_a_day_ended(
    keeper: Page, axe: Axe
) -> None:
    await keeper.goto("/console/cases?q=办件")
    await expect(keeper.locator("tbody tr")).to_have_count(3)
    await keeper.get_by_label("截至某日24时已知").fill("2026-11-05")
    await expect(keeper.locator("#cases")).to_contain_text("24时已知的情况")
    await expect(keeper.locator("tbody tr")).to_have_count(0)
    await keeper.get_by_label("办件编号").fill("补正1")
    rows = keeper.locator("tbody tr")
    await expect(rows).to_have_count(11)
    await expect(rows.first).to_contain_text("已办结")
    await axe(keeper)
    width = await keeper.evaluate("document.documentElement.scrollWidth")
    assert width <= await keeper.evaluate("window.innerWidth")
    await rows.first.get_by_role("link").click()
    await expect(keeper).to_have_url(re.compile("known_on=2026-11-05"))
    await expect(keeper.locator("main")).to_contain_text("24时已知的情况")


async def test_the_front_page_tells_how_much_was_found_over_time(keeper: Page) -> None:
    await keeper.goto("/console")
    await keeper.get_by_role("link", name="现行 2 项").click()
    await expect(keeper.locator("tbody tr")).to_have_count(2)


async def case_url(page: Page, number: str) -> str:
    """Return the address of a case that the list shows."""
    url = await page.get_by_role("link", name=number, exact=True).first.get_attribute("href")
    assert url is not None
    return url
