"""The wall in a real browser: live, after a lost connection, by keyboard, on a phone."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.console import town
from tests.console.cable import Cable
from tests.console.conftest import Axe
from tests.console.cookie import carry
from tests.electronic_supervision.live.said import Said
from tests.system.stack import OPERATOR, Process

pytestmark = pytest.mark.browser

WALL = "/console/alerts"


def overdue(case: str) -> Said:
    return town.overdue(9, case)


async def test_a_red_card_appears_without_reload(page: Page, supervision: Process) -> None:
    await page.goto(WALL)
    await expect(page.locator("#link")).to_have_text("实时")
    await page.evaluate("window.isTheSamePage = true")
    case = town.number()
    await town.tell(supervision, [overdue(case)])
    await expect(page.get_by_text(case)).to_be_visible()
    assert await page.evaluate("window.isTheSamePage"), "the page was loaded anew"


async def test_a_case_that_ends_leaves_the_wall_of_open_ones(
    page: Page, supervision: Process
) -> None:
    case = town.number()
    await town.tell(supervision, [overdue(case)])
    await page.goto(WALL)
    await expect(page.get_by_text(case)).to_be_visible()
    await town.tell(supervision, [town.finished(case)])
    await expect(page.get_by_text(case)).to_have_count(0)
    await page.goto(f"{WALL}?state=ended")
    await expect(page.get_by_text(case)).to_be_visible()


async def test_a_lost_connection_loses_nothing_and_doubles_nothing(
    browser: Browser, supervision: Process
) -> None:
    async with Cable(supervision.port) as cable:
        context = await browser.new_context(base_url=f"http://127.0.0.1:{cable.port}")
        await carry(context, cable.port, OPERATOR)
        page = await context.new_page()
        await page.goto(WALL)
        await expect(page.locator("#link")).to_have_text("实时")
        before, during, after = town.number(), town.number(), town.number()
        await town.tell(supervision, [overdue(before)])
        await expect(page.get_by_text(before)).to_be_visible()
        await cable.cut()
        await expect(page.locator("#link")).to_have_text("连接中断，正在重连")
        await town.tell(supervision, [overdue(during)])
        await cable.mend()
        await expect(page.get_by_text(during)).to_be_visible()
        await town.tell(supervision, [overdue(after)])
        for case in (before, during, after):
            await expect(page.get_by_text(case)).to_have_count(1)
        await expect(page.locator("#link")).to_have_text("实时")
        await context.close()


async def test_a_page_is_live_in_whatever_order_its_scripts_come(page: Page) -> None:
    async def late(route: Route) -> None:
        await asyncio.sleep(1)
        await route.continue_()

    await page.route("**/console.js*", late)
    await page.goto(WALL)
    await expect(page.locator("#link")).to_have_text("实时")


async def test_a_first_connection_that_fails_is_told_and_made_again(page: Page) -> None:
    stream = "**/console/stream*"
    await page.route(stream, lambda route: route.abort())
    await page.goto(WALL)
    await expect(page.locator("#link")).to_have_text("连接中断，正在重连")
    await page.unroute(stream)
    await expect(page.locator("#link")).to_have_text("实时")


async def test_filters_live_in_the_address(page: Page, supervision: Process) -> None:
    await page.goto(WALL)
    await page.get_by_role("link", name="红牌").click()
    await expect(page).to_have_url(f"{page.url.split('?')[0]}?level=red")
    await expect(page.locator(".badge-yellow")).to_have_count(0)
    await page.get_by_label("单位").select_option(town.UNITS[1])
    await page.wait_for_url("**unit=**")
    units = await page.locator(".card-unit").all_inner_texts()
    assert set(units) == {f"{town.UNITS[1]}未登记"}
    await page.reload()
    assert set(await page.locator(".card-unit").all_inner_texts()) == {f"{town.UNITS[1]}未登记"}
    await page.go_back()
    await expect(page).to_have_url(f"http://127.0.0.1:{supervision.port}{WALL}?level=red")
    await expect(page.locator(".card-unit", has_text=town.UNITS[0]).first).to_be_visible()


async def test_looking_for_a_case_keeps_the_words_being_typed(page: Page) -> None:
    await page.goto(WALL)
    number = (await page.locator(".card-number").first.inner_text()).strip()
    await page.get_by_label("查找").press_sequentially(number)
    await expect(page.locator(".card")).to_have_count(1)
    await expect(page.get_by_label("查找")).to_be_focused()
    await expect(page.get_by_label("查找")).to_have_value(number)


async def test_everything_can_be_done_by_keyboard(page: Page) -> None:
    await page.goto(WALL)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    first = page.locator("[data-row] a").first
    await expect(first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#drawer[open]")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#drawer[open]")).to_have_count(0)
    await expect(first).to_be_focused()
    await page.keyboard.press("/")
    await expect(page.get_by_label("查找")).to_be_focused()
    await page.keyboard.type("没有这样的办件")
    await expect(page.get_by_text("没有符合条件的预警")).to_be_visible()


@pytest.mark.parametrize("view", ["cards", "table"])
async def test_nothing_bars_people_from_the_wall(page: Page, axe: Axe, view: str) -> None:
    await page.goto(f"{WALL}?view={view}")
    await axe(page)
    await page.locator("[data-row] a").first.click()
    await expect(page.locator("#drawer[open]")).to_be_visible()
    await axe(page)


@pytest.mark.parametrize("view", ["cards", "table"])
async def test_the_wall_fits_a_phone(page: Page, view: str) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.goto(f"{WALL}?view={view}")
    await expect(page.locator("[data-row]").first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_what_a_system_says_is_shown_and_never_run(page: Page, supervision: Process) -> None:
    case = f"<img src=x onerror=alert(1)>{town.number()}"
    await town.tell(supervision, [overdue(case)])
    await page.goto(WALL)
    await expect(page.get_by_text(case)).to_be_visible()
