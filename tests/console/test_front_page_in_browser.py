"""The front page in a real browser: live, in one screen, for everybody, on a phone."""

import pytest
from playwright.async_api import Page, expect

from tests.console import town
from tests.console.conftest import Axe
from tests.system.stack import Process

pytestmark = pytest.mark.browser

PAGE = "/console"


async def test_a_red_card_is_counted_and_listed_without_reload(
    page: Page, supervision: Process
) -> None:
    await page.goto(PAGE)
    await expect(page.locator("#link")).to_have_text("实时")
    await page.evaluate("window.isTheSamePage = true")
    red = page.locator(".tile-red b")
    before = int(await red.inner_text())
    case = town.number()
    await town.tell(supervision, [town.overdue(9, case)])
    await expect(page.locator(".latest").get_by_text(case)).to_be_visible()
    await expect(red).to_have_text(str(before + 1))
    assert await page.evaluate("window.isTheSamePage"), "the page was loaded anew"


async def test_what_matters_is_in_one_screen(page: Page) -> None:
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.goto(PAGE)
    for title in ("主要数据", "近期届满", "报送来源", "红黄牌最多的单位", "最新预警"):
        box = await page.get_by_role("heading", name=title).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 768, f"{title} needs scrolling"
    tiles = await page.locator(".tiles").bounding_box()
    assert tiles is not None
    assert tiles["y"] + tiles["height"] < 400


async def test_a_bar_is_as_long_as_its_number_is_great(page: Page) -> None:
    await page.goto(PAGE)
    numbers = [int(each) for each in await page.locator(".bar-cell + td").all_inner_texts()]
    rects = page.locator(".bar rect")
    widths = [int(await each.get_attribute("width") or 0) for each in await rects.all()]
    assert len(numbers) == 5
    assert widths == [number * 100 // max(*numbers) for number in numbers]
    assert max(numbers) > 0


async def test_a_level_leads_to_the_wall(page: Page) -> None:
    await page.goto(PAGE)
    await page.get_by_role("link", name="红牌").click()
    await expect(page).to_have_url(f"{page.url.split('/console')[0]}/console/alerts?level=red")


async def test_nothing_bars_people_from_the_front_page(page: Page, axe: Axe) -> None:
    await page.goto(PAGE)
    await axe(page)


async def test_the_front_page_fits_a_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.goto(PAGE)
    await expect(page.locator(".tile-red b")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sticking_out = """[...document.querySelectorAll(".panel *")].filter((each) =>
        each.checkVisibility() && !each.closest(".visually-hidden")
        && each.getBoundingClientRect().right > each.closest(".panel").getBoundingClientRect().right
    ).length"""
    assert await page.evaluate(sticking_out) == 0, "something sticks out of its panel"
