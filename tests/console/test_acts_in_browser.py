"""What an act broke, in a real browser: it can be read on card, table, phone and page."""

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.console import town
from tests.console.conftest import Axe
from tests.console.looked_up import found, shown
from tests.electronic_supervision.live.said import event
from tests.system.stack import Process

pytestmark = pytest.mark.browser

WRONG = "没有列明"
FIVE = {"amount": 5, "unit": "working-days"}


@pytest.fixture
async def unnamed(console: httpx.AsyncClient, supervision: Process) -> str:
    """Return the number of a case for which unnamed materials were asked."""
    number, now, about = town.number(), town.at(town.TODAY), {"unit": town.UNITS[0]}
    begun = event("case-accepted", now, number, **about, item="许可", stated_limit=FIVE)
    asked = event("supplement-requested", now, number, **about, materials=[])
    await town.tell(supervision, [begun, asked])
    await shown(console, number, "黄牌")
    return number


@pytest.mark.parametrize("view", ["cards", "table"])
async def test_the_wall_says_what_is_wrong_and_when_it_was_done(
    page: Page, axe: Axe, unnamed: str, view: str
) -> None:
    await page.goto(f"/console/alerts?q={unnamed}&view={view}")
    alert = page.locator("[data-row]")
    await expect(alert).to_contain_text(WRONG)
    await expect(alert).not_to_contain_text("届满")
    await axe(page)


async def test_an_act_is_read_on_a_phone(page: Page, unnamed: str) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"/console/alerts?q={unnamed}")
    await expect(page.locator("[data-row]")).to_contain_text(WRONG)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_the_page_of_the_case_names_act_and_clause(
    page: Page, axe: Axe, console: httpx.AsyncClient, unnamed: str
) -> None:
    await page.goto(f"/console/cases/{await found(console, unnamed)}")
    await expect(page.locator(".standing")).to_contain_text(WRONG)
    await expect(page.locator("main")).to_contain_text("行政许可法第三十二条第一款第四项")
    await axe(page)
