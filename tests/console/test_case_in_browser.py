"""A case, the list of cases and the calendar in a real browser: live, by keyboard, on a phone."""

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.console import town
from tests.console.conftest import Axe
from tests.console.looked_up import found, shown
from tests.electronic_supervision.live.said import Said, decided, event
from tests.system.stack import Process

pytestmark = pytest.mark.browser


def story(number: str) -> list[Said]:
    """Tell of a case that has a bit of everything, and is late."""
    about = {"unit": town.UNITS[0]}
    wrong = decided("2026-11-20 10:00", number)
    limit = {"amount": 10, "unit": "working-days"}
    begun = event(
        "case-accepted", "2026-09-21 15:00", number, **about, item="许可", stated_limit=limit
    )
    hearing = {"ground": "hearing", "pause": "1"}
    reason = {"voids": wrong["id"], "reason": "误点"}
    return [
        begun,
        event("clock-paused", "2026-09-28 09:00", number, **about, **hearing),
        event("clock-resumed", "2026-10-12 16:00", number, **about, pause="1"),
        wrong,
        event("fact-voided", "2026-11-21 10:00", number, **about, **reason),
    ]


@pytest.fixture
async def late(console: httpx.AsyncClient, supervision: Process) -> str:
    """Return the number of a late case, once it has its red card."""
    number = town.number()
    await town.tell(supervision, story(number))
    await shown(console, number, "红牌")
    return number


@pytest.fixture
async def address(console: httpx.AsyncClient, late: str) -> str:
    return f"/console/cases/{await found(console, late)}"


async def test_what_becomes_of_a_case_appears_without_reload(
    page: Page, supervision: Process, late: str, address: str
) -> None:
    await page.goto(address)
    await expect(page.locator("#link")).to_have_text("实时")
    await page.evaluate("window.isTheSamePage = true")
    await expect(page.locator(".verdict")).to_have_text("在办，已超期，超期25个工作日")
    await town.tell(supervision, [decided("2026-10-20 10:00", late)])
    await expect(page.locator(".verdict")).to_have_text("按期办结")
    await expect(page.locator(".standing .badge-red")).to_have_count(0)
    assert await page.evaluate("window.isTheSamePage"), "the page was loaded anew"


async def test_a_fact_named_in_the_arithmetic_leads_to_its_place_on_the_line(
    page: Page, address: str
) -> None:
    await page.goto(address)
    link = page.locator(".days-table a.code").first
    fact = await link.inner_text()
    await link.click()
    await expect(page.locator(":target")).to_contain_text(fact)
    await expect(page.locator(":target")).to_be_in_viewport()


async def test_a_case_is_found_and_opened_by_keyboard_alone(page: Page, late: str) -> None:
    await page.goto("/console/cases")
    await page.keyboard.press("/")
    await page.keyboard.type(late)
    await expect(page.locator("[data-row]")).to_have_count(1)
    await expect(page.get_by_label("办件编号")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("状态")).to_be_focused()
    await page.locator("h1").click()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    drawer = page.locator("#drawer[open]")
    await expect(drawer).to_contain_text("查看全部")
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-row] a").first).to_be_focused()
    await page.keyboard.press("Enter")
    await drawer.get_by_role("link", name="查看全部").press("Enter")
    await expect(page.locator("h1")).to_have_text(f"办件 {late}")


async def test_filters_of_the_list_live_in_the_address(page: Page) -> None:
    await page.goto("/console/cases")
    await page.get_by_label("状态").select_option("overdue")
    await page.wait_for_url("**state=overdue**")
    await page.reload()
    await expect(page.get_by_label("状态")).to_have_value("overdue")
    await page.go_back()
    await expect(page).to_have_url(f"{page.url.split('?')[0]}")


async def test_nothing_bars_people_from_a_case(
    page: Page, late: str, address: str, axe: Axe
) -> None:
    await page.goto(address)
    await axe(page)
    await page.goto(f"/console/cases?q={late}")
    await axe(page)
    await page.locator("[data-row] a").first.click()
    await expect(page.locator("#drawer[open]")).to_be_visible()
    await axe(page)


@pytest.mark.parametrize("year", [2026, 2027, 2004])
async def test_nothing_bars_people_from_the_calendar(page: Page, axe: Axe, year: int) -> None:
    await page.goto(f"/console/calendar?year={year}")
    await axe(page)


async def test_an_empty_list_and_a_refusal_bar_nobody_either(page: Page, axe: Axe) -> None:
    await page.goto("/console/cases?q=没有这样的编号")
    await expect(page.get_by_text("没有符合条件的办件")).to_be_visible()
    await axe(page)
    await page.goto("/console/cases/no-such-case")
    await expect(page.locator("h1")).to_have_text("没有这个办件")
    await axe(page)


async def test_all_of_it_fits_a_phone(page: Page, address: str) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    fits = "document.documentElement.scrollWidth <= innerWidth"
    years = ("/console/calendar", "/console/calendar?year=2027")
    for each in (address, "/console/cases", *years):
        await page.goto(each)
        assert await page.evaluate(fits), each
