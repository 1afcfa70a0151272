"""Auditors read what everybody did: by sight, by keyboard, by screen reader, on a phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from kernel.access.policy import Role
from kernel.access.principal import Grant
from tests.console.conftest import Axe
from tests.console.cookie import carry
from tests.system.access import let_in
from tests.system.stack import Process, Stack

pytestmark = pytest.mark.browser

AUDIT = "/console/audit"
AUDITOR = "of an auditor"
WIDE, PHONE = (1366, 768), (390, 844)


@pytest.fixture(scope="module", autouse=True)
async def auditor(shared_city: Stack) -> None:
    grants = (Grant(role=Role.AUDITOR),)
    await let_in(shared_city.postgres.url(), AUDITOR, name="auditor", grants=grants)


@pytest.fixture
async def context(browser: Browser, supervision: Process) -> AsyncIterator[BrowserContext]:
    """Return the browser of an auditor."""
    made = await browser.new_context(base_url=supervision.origin, locale="zh-CN")
    await carry(made, supervision.port, AUDITOR)
    yield made
    await made.close()


@pytest.mark.parametrize(("width", "height"), [WIDE, PHONE])
async def test_nobody_is_kept_from_reading_it(
    page: Page, axe: Axe, width: int, height: int
) -> None:
    await page.set_viewport_size({"width": width, "height": height})
    await page.goto(AUDIT)
    assert await page.get_by_role("row").count() > 1
    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_an_auditor_asks_by_keyboard(page: Page) -> None:
    await page.goto(AUDIT)
    await page.keyboard.press("/")
    await page.keyboard.type("nobody")
    await page.keyboard.press("Enter")
    await page.get_by_text("没有这样的操作").wait_for()
    assert "by=nobody" in page.url


async def test_what_an_auditor_takes_away_is_a_file(page: Page) -> None:
    await page.goto(f"{AUDIT}?record=access")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="导出 CSV").click()
    assert (await download.value).suggested_filename == "audit.csv"
