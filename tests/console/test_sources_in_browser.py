"""Quarantine in a real browser: settled in place, by keyboard, on a phone, without scripts."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from tests.console import town
from tests.console.conftest import Axe
from tests.console.cookie import carry
from tests.console.quarantined import NOT_NOW, put
from tests.electronic_supervision.live.said import decided
from tests.system.stack import OPERATOR, Process, Stack

pytestmark = pytest.mark.browser

PAGE = "/console/sources"


@pytest.fixture
async def database(shared_city: Stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await shared_city.database()
    yield connection
    await connection.close()


@pytest.fixture
async def held(database: asyncpg.Connection) -> str:
    """Hold a message that can be read by now, and return its name."""
    return await put(database, decided("2026-11-25 09:00", town.number()), NOT_NOW)


async def test_a_message_is_released_without_a_page_load(page: Page, held: str) -> None:
    await page.goto(PAGE)
    await page.evaluate("window.isTheSamePage = true")
    await page.locator(f"#held-{held}").get_by_role("button", name="重新读取").click()
    await expect(page.locator("#became")).to_contain_text("已重新读取并放行")
    await expect(page.locator(f"#held-{held}")).to_have_count(0)
    assert await page.evaluate("window.isTheSamePage"), "the page was loaded anew"


async def test_a_message_is_discarded_in_the_drawer_which_then_closes(
    page: Page, held: str
) -> None:
    await page.goto(PAGE)
    await page.locator(f"#held-{held}").get_by_role("link", name="详情与作废").click()
    drawer = page.locator("#drawer[open]")
    await drawer.get_by_label("作废的理由").fill("  ")
    await drawer.get_by_role("button", name="作废").click()
    await expect(drawer).to_contain_text("请填写理由")
    await expect(page.locator(f"#held-{held}")).to_have_count(1)
    await drawer.get_by_label("作废的理由").fill("来源系统确认是误发")
    await drawer.get_by_role("button", name="作废").click()
    await expect(page.locator("#became")).to_contain_text("已作废")
    await expect(drawer).to_have_count(0)
    await expect(page.locator(f"#held-{held}")).to_have_count(0)


async def test_what_becomes_of_the_city_meanwhile_takes_no_reason_away(
    page: Page, supervision: Process, held: str
) -> None:
    await page.goto(PAGE)
    await expect(page.locator("#link")).to_have_text("实时")
    await page.locator(f"#held-{held}").get_by_role("link", name="详情与作废").click()
    reason = page.get_by_label("作废的理由")
    await reason.fill("来源系统")
    async with page.expect_response(lambda answer: answer.url.endswith("/console/quarantine")):
        await town.tell(supervision, [town.overdue(9)])
    await expect(reason).to_have_value("来源系统")
    await expect(reason).to_be_focused()


async def test_a_new_message_appears_by_itself(
    page: Page, supervision: Process, database: asyncpg.Connection
) -> None:
    await page.goto(PAGE)
    await expect(page.locator("#link")).to_have_text("实时")
    case = town.number()
    await put(database, decided("2026-11-25 09:00", case), NOT_NOW)
    await town.tell(supervision, [town.overdue(9)])
    await expect(page.locator(".held-head").get_by_text(case)).to_be_visible()


async def test_a_message_is_settled_without_scripts(
    browser: Browser, supervision: Process, held: str
) -> None:
    context = await browser.new_context(
        base_url=f"http://127.0.0.1:{supervision.port}", java_script_enabled=False
    )
    await carry(context, supervision.port, OPERATOR)
    page = await context.new_page()
    await page.goto(PAGE)
    await page.locator(f"#held-{held}").get_by_role("link", name="详情与作废").click()
    await page.get_by_label("作废的理由").fill("来源系统确认是误发")
    await page.get_by_role("button", name="作废").click()
    await expect(page.locator("#became")).to_contain_text("已作废")
    await expect(page.locator(f"#held-{held}")).to_have_count(0)
    await context.close()


async def test_nothing_bars_people_from_the_sources(page: Page, axe: Axe, held: str) -> None:
    await page.goto(PAGE)
    await axe(page)
    await page.locator(f"#held-{held}").get_by_role("link", name="详情与作废").click()
    await expect(page.locator("#drawer[open]")).to_be_visible()
    await axe(page)
    await page.goto(f"/console/quarantine/{held}")
    await axe(page)
    await page.goto(f"{PAGE}?source=/nobody&message={held}")
    await axe(page)


async def test_the_sources_fit_a_phone(page: Page, held: str) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    for path in (PAGE, f"/console/quarantine/{held}"):
        await page.goto(path)
        await expect(page.get_by_role("button", name="重新读取").first).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
