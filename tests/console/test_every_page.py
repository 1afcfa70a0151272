"""What holds on every page: words when the server is away, on paper, on a phone, backwards."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.console import town
from tests.console.cable import Cable
from tests.console.conftest import Axe
from tests.console.cookie import carry
from tests.electronic_supervision.live.said import accepted
from tests.system.stack import OPERATOR, Process

pytestmark = pytest.mark.browser

WALL = "/console/alerts"
PAGES = (
    "/console",
    WALL,
    f"{WALL}?view=table",
    f"{WALL}/known",
    "/console/cases",
    "/console/sources",
)
AWAY = "服务器暂时连不上，刚才的操作没有完成，请稍后再试。"
LONG = "皖江江南新兴产业集中区管理委员会驻市政务服务中心综合窗口联合办公室"
A4_WIDTH = 703
"""What is left of a sheet's width between its margins, in pixels of 1/96 inch."""

RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"
STICKS_OUT = """[...document.querySelectorAll("main, main *")].filter((each) =>
    each.checkVisibility() && !each.closest(".visually-hidden, svg")
    && each.getBoundingClientRect().right > innerWidth + 1
).map((each) => each.outerHTML.slice(0, 80))"""
LINES = """(cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map((each) => Math.round(each.top))).size;
}"""


ASK_BY_ITSELF = """(event) => new Promise((done) => {
    const told = () => done(document.querySelectorAll("[role=alert]").length);
    document.addEventListener("htmx:finally:request", told, { once: true });
    htmx.trigger(event === "every" ? "#alerts" : "#live", event);
})"""


@pytest.fixture
async def cable(supervision: Process) -> AsyncIterator[Cable]:
    async with Cable(supervision.port) as laid:
        yield laid


@pytest.fixture
async def far(browser: Browser, cable: Cable) -> AsyncIterator[Page]:
    """Return a tab that shows the wall, by a cable that can be cut."""
    context = await browser.new_context(base_url=f"http://127.0.0.1:{cable.port}")
    await carry(context, cable.port, OPERATOR)
    page = await context.new_page()
    await page.goto(WALL)
    await expect(page.locator("#link")).to_have_text("实时")
    yield page
    await context.close()


def alert(page: Page) -> Locator:
    return page.get_by_role("alert")


async def test_what_was_not_done_since_the_server_is_away_is_told_until_it_is_back(
    far: Page, cable: Cable, axe: Axe
) -> None:
    await cable.cut()
    await expect(far.locator("#link")).to_have_text("连接中断，正在重连")
    await expect(alert(far)).to_have_count(0)
    await far.set_viewport_size({"width": 1366, "height": 300})
    await far.locator(".card a").last.click()
    await expect(alert(far)).to_have_text(AWAY)
    await expect(alert(far)).to_be_in_viewport()
    await far.get_by_label("排序").select_option("unit")
    await expect(alert(far)).to_have_count(1)
    await axe(far)
    await cable.mend()
    await far.locator(".card a").first.click()
    await expect(far.locator("#drawer[open]")).to_be_visible()
    await expect(alert(far)).to_have_count(0)


async def test_what_a_page_asks_for_by_itself_is_nothing_that_was_not_done(
    far: Page, cable: Cable
) -> None:
    await cable.cut()
    for event in ("every", "changed"):
        assert await far.evaluate(ASK_BY_ITSELF, event) == 0, "nobody had asked for anything"


async def test_in_an_open_drawer_it_is_told_there(far: Page, cable: Cable) -> None:
    await far.locator(".card a").first.click()
    await expect(far.locator("#drawer[open]")).to_be_visible()
    await cable.cut()
    await far.evaluate(
        "htmx.ajax('GET', '/console/alerts', {target: '#alerts', event: new Event('click')})"
    )
    await expect(far.locator("#drawer").get_by_role("alert")).to_have_text(AWAY)


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_is_cut_off_on_paper(page: Page, path: str) -> None:
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": A4_WIDTH, "height": 1000})
    await page.goto(path)
    assert await page.evaluate(STICKS_OUT) == []
    for clicked in (".filters", ".pager", ".top", "button"):
        for each in await page.locator(clicked).all():
            await expect(each).to_be_hidden()


async def test_all_judgements_of_a_case_are_on_paper(page: Page) -> None:
    await page.goto(f"{WALL}?level=red")
    case = await page.locator(".card-number a").first.get_attribute("href")
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": A4_WIDTH, "height": 1000})
    await page.goto(str(case))
    await expect(page.get_by_role("heading", name="全部判定")).to_be_visible()
    assert await page.evaluate(STICKS_OUT) == []


async def test_a_long_name_makes_neither_a_column_a_letter_wide_nor_a_filter_wide(
    page: Page, supervision: Process
) -> None:
    case = town.number()
    limit = {"amount": 1, "unit": "working-days"}
    told = accepted("2026-09-25 10:00", case, limit, unit=LONG)
    await town.tell(supervision, [told])
    await page.goto(f"{WALL}?q={case}")
    await expect(page.locator(".card-unit")).to_have_text(f"{LONG}未登记")
    await page.reload()
    await expect(page.locator("#unit")).to_contain_text(LONG)
    box = await page.locator("#unit").bounding_box()
    assert box is not None
    assert box["width"] <= 320
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.goto(f"{WALL}?view=table&q={case}")
    cells = page.locator("[data-row] td")
    assert await cells.nth(2).evaluate(LINES) <= 8, "the unit is written from top to bottom"
    assert await cells.nth(3).evaluate(LINES) == 1, "the item is written from top to bottom"


@pytest.mark.parametrize("path", ["/console/sources", "/console/calendar"])
async def test_tables_scroll_on_a_phone_and_do_not_shrink(page: Page, path: str) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.goto(path)
    table = await page.locator(".table-box table").last.bounding_box()
    assert table is not None
    assert table["width"] >= 700
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_no_number_runs_backwards(page: Page, supervision: Process) -> None:
    number = town.number()
    await town.tell(supervision, [town.overdue(50, f"{RIGHT_TO_LEFT}{number}")])
    shown = page.get_by_text(number)
    for path in (f"{WALL}?q={number}", f"{WALL}?view=table&q={number}"):
        await page.goto(path)
        await expect(shown).to_have_text(number)
    await shown.click()
    await expect(page.locator("#drawer h2")).to_have_text(f"办件 {number}")
    await page.get_by_role("link", name="查看全部").click()
    await expect(page.locator("h1")).to_have_text(f"办件 {number}")
    assert RIGHT_TO_LEFT not in await page.inner_text("main")
    assert RIGHT_TO_LEFT not in await page.title()
