"""Ten thousand open alerts: every one is found, on exactly one page."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.console import town
from tests.system.stack import Process, Stack

pytestmark = pytest.mark.browser

WALL = "/console/alerts"
MANY = 10_000
CASE = re.compile(r'id="a-([0-9a-f-]{36})"')
NEXT = re.compile(r'<a href="([^"]+)" rel="next">')


@pytest.fixture(scope="module")
async def supervision(shared_city: Stack) -> AsyncIterator[Process]:
    """Return electronic supervision with very many red and yellow cards."""
    running = await town.begun(shared_city)
    await town.tell(running, [town.overdue(each % 9, unit=each) for each in range(MANY)])
    async with running.client() as office:
        await town.shown(office, MANY)
    yield running
    running.kill()


async def all_of(console: httpx.AsyncClient, url: str) -> list[str]:
    """Return the cases on all pages that follow each other."""
    found: list[str] = []
    while url:
        text = (await console.get(url)).text
        found += CASE.findall(text)
        following = NEXT.search(text)
        url = following[1].replace("&amp;", "&") if following else ""
    return found


@pytest.mark.parametrize("sort", ["gravity", "due", "raised", "unit"])
async def test_each_is_on_exactly_one_page_whatever_the_order(
    console: httpx.AsyncClient, sort: str
) -> None:
    found = await all_of(console, f"{WALL}?sort={sort}&unit={town.UNITS[0]}")
    assert len(found) == len(set(found)) == MANY / len(town.UNITS)


async def test_the_levels_add_up(console: httpx.AsyncClient) -> None:
    red = await all_of(console, f"{WALL}?level=red&unit={town.UNITS[1]}")
    yellow = await all_of(console, f"{WALL}?level=yellow&unit={town.UNITS[1]}")
    assert len(red) + len(yellow) == MANY / len(town.UNITS)
    assert not set(red) & set(yellow)


async def test_one_among_many_is_found_while_it_is_typed(page: Page) -> None:
    await page.goto(WALL)
    await expect(page.locator("#kind-all")).to_have_text(f"全部 {MANY}")
    number = (await page.locator(".card-number").nth(30).inner_text()).strip()
    await page.get_by_label("查找").press_sequentially(number)
    await expect(page.locator(".card")).to_have_count(1)
    await expect(page.locator("#kind-all")).to_have_text("全部 1")
