"""The pages of the register in a real browser: by keyboard, on a phone, without barriers."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.postgres import Postgres
from tests.console import register_town
from tests.console.conftest import Axe
from tests.console.test_every_page import A4_WIDTH, STICKS_OUT
from tests.evaluation.document.books import HOUSING_ROW, units

pytestmark = pytest.mark.browser

ROOT = "/console/register"
UNIT = f"{ROOT}/units/WHZJW"
PAGES = (
    ROOT,
    f"{ROOT}?q=none",
    UNIT,
    f"{ROOT}/sections/WHZJW-SP",
    f"{ROOT}/posts/WHZJW-SP-01",
    f"{ROOT}/people/R0001",
    f"{ROOT}/act/register-unit",
    f"{ROOT}/act/appoint?entry=WHZJW-SP-01&unit=WHZJW",
    f"{ROOT}/act/close-unit?entry=WHZJW",
    f"{ROOT}/aliases?source=/wuhu/oa&code=x",
    f"{ROOT}/import",
)
LONG = "皖江江南新兴产业集中区管理委员会驻市政务服务中心综合窗口联合办公室" * 3


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with register_town.database() as running:
        yield running


@pytest.fixture
async def keeper(server: Postgres, browser: Browser) -> AsyncIterator[Page]:
    """Return a tab of somebody who keeps the register of a small town."""
    async with (
        register_town.town(server) as address,
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
    for path in (ROOT, UNIT, f"{ROOT}/posts/WHZJW-SP-01"):
        await keeper.goto(path)
        assert await keeper.evaluate(STICKS_OUT) == [], path


async def test_a_unit_is_renamed_with_the_keyboard_alone(keeper: Page) -> None:
    await keeper.goto(f"{ROOT}/act/rename-unit?entry=WHZJW")
    await keeper.get_by_label("新名称").focus()
    await keeper.keyboard.type("芜湖市住房和城乡建设局")
    await keeper.keyboard.press("Enter")
    await expect(keeper.get_by_role("status").last).to_have_text("已办理：单位更名。")
    await expect(keeper.locator("h1")).to_have_text("芜湖市住房和城乡建设局")


async def test_what_is_in_the_way_is_told_on_the_form_and_mended_there(
    keeper: Page, axe: Axe
) -> None:
    await keeper.goto(f"{ROOT}/posts/WHZJW-SP-01")
    await keeper.get_by_role("link", name="任用人员").click()
    await keeper.get_by_label("岗别").select_option("A")
    await keeper.get_by_label("人员代码").fill("R0002")
    await keeper.get_by_role("button", name="任用人员").click()
    await expect(keeper.get_by_role("alert")).to_contain_text("A 岗、B 岗不能是同一人")
    await expect(keeper.get_by_label("人员代码")).to_have_attribute("aria-invalid", "true")
    await axe(keeper)
    await expect(keeper.get_by_label("岗别")).to_have_value("A")
    await keeper.get_by_role("link", name="返回").click()
    await expect(keeper.locator("h1")).to_contain_text("施工许可受理岗")


async def test_who_is_back_is_shown_as_present(keeper: Page) -> None:
    await keeper.goto(UNIT)
    row = keeper.get_by_role("row", name="施工许可受理岗")
    await expect(row).to_contain_text("离岗")
    await row.get_by_role("link", name="施工许可受理岗").click()
    await keeper.get_by_role("link", name="登记返岗").click()
    await keeper.get_by_label("岗别").select_option("A")
    await keeper.get_by_role("button", name="登记返岗").click()
    await keeper.get_by_role("link", name="芜湖市住房和城乡建设委员会").first.click()
    await expect(row).not_to_contain_text("离岗")


async def test_a_workbook_is_exported_changed_previewed_and_imported(
    keeper: Page, axe: Axe, tmp_path: Path
) -> None:
    await keeper.goto(ROOT)
    async with keeper.expect_download() as downloading:
        await keeper.get_by_role("link", name="导出 .xlsx").click()
    exported = tmp_path / "exported.xlsx"
    await (await downloading.value).save_as(exported)
    await keeper.goto(f"{ROOT}/import")
    await keeper.get_by_label("名册文件").set_input_files(exported)
    await keeper.get_by_role("button", name="预览").click()
    await expect(keeper.get_by_text("文件与名册一致")).to_be_visible()
    changed = tmp_path / "changed.xlsx"
    changed.write_bytes(units(HOUSING_ROW, ("WHFYJ", LONG, "司法机关", "2012-01-01")))
    await keeper.goto(f"{ROOT}/import")
    await keeper.get_by_label("名册文件").set_input_files(changed)
    await keeper.get_by_role("button", name="预览").click()
    await axe(keeper)
    await keeper.set_viewport_size({"width": 390, "height": 780})
    assert await keeper.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await keeper.get_by_role("button", name="确认导入").click()
    await expect(keeper.get_by_text("名册文件已全部导入。")).to_be_visible()
    await keeper.get_by_role("link", name=LONG).click()
    assert await keeper.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_preview_that_refuses_lines_has_no_barriers(
    keeper: Page, axe: Axe, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(units(("X", "x", "部委", "2012-01-01")))
    await keeper.goto(f"{ROOT}/import")
    await keeper.get_by_label("名册文件").set_input_files(bad)
    await keeper.get_by_role("button", name="预览").click()
    await expect(keeper.get_by_role("alert")).to_contain_text("有的行不能导入")
    await expect(keeper.get_by_role("button", name="确认导入")).to_have_count(0)
    await axe(keeper)


async def test_the_list_is_walked_and_searched_with_the_keyboard(keeper: Page) -> None:
    await keeper.goto(ROOT)
    await keeper.keyboard.press("j")
    await expect(keeper.get_by_role("link", name="芜湖市卫生局")).to_be_focused()
    await keeper.keyboard.press("j")
    await keeper.keyboard.press("Enter")
    await expect(keeper.locator("h1")).to_have_text("芜湖市住房和城乡建设委员会")
    await keeper.go_back()
    await keeper.keyboard.press("/")
    await keeper.keyboard.type("卫生")
    await keeper.keyboard.press("Enter")
    await expect(keeper.locator("[data-row]")).to_have_count(1)
