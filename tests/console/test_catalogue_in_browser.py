"""The pages of the catalogue in a real browser: by keyboard, on a phone, without barriers."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.postgres import Postgres
from tests.console import catalogue_town, register_town
from tests.console.conftest import Axe
from tests.console.test_every_page import A4_WIDTH, STICKS_OUT

pytestmark = pytest.mark.browser

ROOT = "/console/catalogue"
ITEM = f"{ROOT}/items/FGW-001"
EDIT = f"{ROOT}/edit?code=FGW-001"
PAGES = (
    ROOT,
    f"{ROOT}?q=none",
    ITEM,
    f"{ROOT}/items/FGW-002",
    f"{ROOT}/edit",
    EDIT,
    f"{ROOT}/import",
    f"{ROOT}/compression",
)
DOCUMENT = b"""
items:
- {code: N-001, name: X, unit: WHZJW, nature: service, effective_from: 2012-04-01}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with register_town.database() as running:
        yield running


@pytest.fixture
async def keeper(server: Postgres, browser: Browser) -> AsyncIterator[Page]:
    """Return a tab of somebody who keeps the catalogue of a small town."""
    async with (
        catalogue_town.town(server) as address,
        register_town.visit(browser, address) as page,
    ):
        yield page


async def test_no_page_has_barriers_or_scrolls_sideways_on_a_phone(keeper: Page, axe: Axe) -> None:
    for path in PAGES:
        await keeper.set_viewport_size({"width": 1366, "height": 768})
        await keeper.goto(path)
        await axe(keeper)
        await keeper.set_viewport_size({"width": 390, "height": 780})
        width = await keeper.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} pixels wide"


async def test_nothing_is_cut_off_on_paper(keeper: Page) -> None:
    await keeper.emulate_media(media="print")
    await keeper.set_viewport_size({"width": A4_WIDTH, "height": 1000})
    for path in (ROOT, ITEM, f"{ROOT}/compression"):
        await keeper.goto(path)
        assert await keeper.evaluate(STICKS_OUT) == [], path


async def test_filters_are_in_the_address_and_outlive_a_reload(keeper: Page) -> None:
    await keeper.goto(ROOT)
    await expect(keeper.locator("tbody tr")).to_have_count(3)
    await keeper.get_by_label("性质").select_option("inspection")
    await keeper.get_by_role("button", name="筛选").click()
    await expect(keeper.locator("tbody tr")).to_have_count(1)
    assert "nature=inspection" in keeper.url
    await keeper.reload()
    await expect(keeper.get_by_label("性质")).to_have_value("inspection")
    await keeper.get_by_role("link", name="公共场所卫生检查").click()
    await expect(keeper.locator("h1")).to_contain_text("公共场所卫生检查")
    await expect(keeper.locator("main")).to_contain_text("登记时生效日期已过")


async def test_a_change_starts_from_the_version_that_is_yet_to_come(keeper: Page) -> None:
    await keeper.goto(ITEM)
    await expect(keeper.locator("main dl")).to_contain_text("7个工作日")
    await keeper.goto(EDIT)
    await expect(keeper.get_by_label("承诺时限")).to_have_value("5个工作日")
    await expect(keeper.get_by_label("生效日期")).to_have_value("2012-06-01")


async def test_a_promise_is_shortened_with_the_keyboard_alone(keeper: Page) -> None:
    await keeper.goto(EDIT)
    await keeper.get_by_label("生效日期").fill("2012-07-01")
    await keeper.get_by_label("承诺时限").focus()
    await keeper.keyboard.press("Control+A")
    await keeper.keyboard.type("4个工作日")
    await keeper.keyboard.press("Enter")
    await expect(keeper.get_by_role("status").last).to_have_text("事项已变更。")
    await expect(keeper.locator("main")).to_contain_text("4个工作日")
    await keeper.goto(EDIT)
    await expect(keeper.get_by_label("环节", exact=False).first).to_have_value(
        "SL | 受理 | 1个工作日\nSC | 审查 | 4个工作日\nJD | 决定"
    )


async def test_what_is_in_the_way_is_told_on_the_form_and_mended_there(
    keeper: Page, axe: Axe
) -> None:
    await keeper.goto(EDIT)
    await keeper.get_by_label("生效日期").fill("2012-07-01")
    await keeper.get_by_label("承诺时限").fill("30个工作日")
    await keeper.get_by_role("button", name="变更事项").click()
    await expect(keeper.get_by_role("alert")).to_contain_text("承诺时限不得长于法定时限")
    await expect(keeper.get_by_label("承诺时限")).to_have_attribute("aria-invalid", "true")
    await axe(keeper)
    await keeper.get_by_label("承诺时限").fill("五天")
    await keeper.get_by_role("button", name="变更事项").click()
    await expect(keeper.get_by_role("alert")).to_contain_text("时限写作 7个工作日")
    await keeper.get_by_label("承诺时限").fill("3个工作日")
    await keeper.get_by_role("button", name="变更事项").click()
    await expect(keeper.get_by_role("status").last).to_have_text("事项已变更。")


async def test_an_item_is_published_called_otherwise_and_withdrawn(keeper: Page) -> None:
    await keeper.goto(ROOT)
    await keeper.get_by_role("link", name="发布事项").click()
    await keeper.get_by_label("事项代码").fill("N/1")
    await keeper.get_by_label("事项名称").fill("新事项")
    await keeper.get_by_label("单位代码", exact=True).fill("WHZJW")
    await keeper.get_by_label("性质").select_option("service")
    await keeper.get_by_role("button", name="发布事项").click()
    await expect(keeper.get_by_role("status").last).to_have_text("事项已发布。")
    await keeper.get_by_label("来源系统").fill("/wuhu/oa")
    await keeper.get_by_label("系统中的代码").fill("甲")
    await keeper.get_by_role("button", name="增加").click()
    await expect(keeper.get_by_role("status").last).to_have_text("对应代码已变更。")
    await keeper.get_by_role("button", name="去掉对应代码 甲").click()
    await expect(keeper.locator("main")).to_contain_text("各系统报送时应使用本目录的代码")
    await keeper.locator("summary").click()
    await keeper.get_by_label("自哪一天起取消").fill("2012-03-02")
    await keeper.get_by_role("button", name="取消事项").click()
    await expect(keeper.get_by_role("status").last).to_have_text("事项已取消。")
    await expect(keeper.locator("h1")).to_contain_text("已取消")


async def test_a_document_is_previewed_and_imported(keeper: Page, axe: Axe, tmp_path: Path) -> None:
    await keeper.goto(f"{ROOT}/import")
    document = tmp_path / "items.yaml"
    document.write_bytes(DOCUMENT)
    await keeper.get_by_label("事项目录文件").set_input_files(document)
    await keeper.get_by_role("button", name="预览").click()
    await expect(keeper.locator("tbody tr")).to_have_count(1)
    await axe(keeper)
    await keeper.get_by_role("button", name="确认导入").click()
    await expect(keeper.get_by_role("status").last).to_have_text("事项目录文件已全部导入。")
    await keeper.goto(f"{ROOT}?standing=coming")
    await expect(keeper.locator("tbody tr")).to_have_count(1)


async def test_who_may_only_read_is_offered_no_acts(server: Postgres, browser: Browser) -> None:
    async with (
        catalogue_town.town(server) as address,
        register_town.visit(browser, address, "leader") as page,
    ):
        await page.goto(ITEM)
        await expect(page.get_by_role("link", name="变更事项")).to_have_count(0)
        await expect(page.locator("main form")).to_have_count(0)
        answer = await page.goto(EDIT)
        assert answer is not None
        assert answer.status == 403
