"""The pages of the registers in a real browser: by keyboard, on a phone, without barriers."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.postgres import Postgres
from tests.console import register_town, registers_town
from tests.console.conftest import Axe
from tests.console.test_every_page import A4_WIDTH, STICKS_OUT
from tests.electronic_supervision.domain.registers.city import MILL, YARD
from tests.electronic_supervision.registers.papers import city

pytestmark = pytest.mark.browser

ROOT = "/console/registers"
PAGES = (
    ROOT,
    f"{ROOT}?q=none",
    f"{ROOT}?kind=inspection-approval",
    f"{ROOT}?kind=inspection-quota",
    f"{ROOT}?kind=service-chain",
    f"{ROOT}?kind=discretion-band",
    f"{ROOT}/green-card/{YARD}",
    f"{ROOT}/inspection-approval/{quote('芜优检〔2012〕7号')}",
    f"{ROOT}/inspection-quota/2012-WHAJJ",
    f"{ROOT}/service-chain/ZS",
    f"{ROOT}/discretion-band/AY01",
    f"{ROOT}/act/grant",
    f"{ROOT}/act/approve",
    f"{ROOT}/act/revise-chain?entry=ZS",
    f"{ROOT}/act/revise-bands?entry=AY01",
    f"{ROOT}/import",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with register_town.database() as running:
        yield running


@pytest.fixture
async def keeper(server: Postgres, browser: Browser) -> AsyncIterator[Page]:
    """Return a tab of somebody who keeps the registers of a small city."""
    async with (
        registers_town.registers(server) as address,
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
    for path in PAGES[:11]:
        await keeper.goto(path)
        assert await keeper.evaluate(STICKS_OUT) == [], path


async def test_a_card_is_suspended_with_the_keyboard_alone(keeper: Page) -> None:
    await keeper.goto(f"{ROOT}/act/suspend?entry={MILL}")
    await keeper.get_by_label("原因").focus()
    await keeper.keyboard.type("欠缴税款")
    await keeper.keyboard.press("Enter")
    await expect(keeper.get_by_role("status").last).to_have_text("已办理：暂停绿卡。")
    await expect(keeper.locator("h1")).to_contain_text("已暂停")


async def test_what_is_in_the_way_is_told_on_the_form_and_mended_there(
    keeper: Page, axe: Axe
) -> None:
    await keeper.goto(f"{ROOT}/discretion-band/AY01")
    await keeper.get_by_role("link", name="修订裁量档次").click()
    grades = keeper.get_by_role("textbox", name="档次")
    await grades.fill("轻微 | 初次 | 500 | 100")
    await keeper.get_by_role("button", name="修订裁量档次").click()
    await expect(keeper.get_by_role("alert")).to_contain_text("罚款上下限颠倒")
    await expect(grades).to_have_attribute("aria-invalid", "true")
    await axe(keeper)
    await grades.fill("轻微 | 初次 | 100 | 500\n严重 | 再犯 | 800 | 900")
    await keeper.get_by_role("button", name="修订裁量档次").click()
    await expect(keeper.get_by_text("两档之间有空档")).to_be_visible()
    await axe(keeper)


async def test_the_list_is_walked_and_searched_with_the_keyboard(keeper: Page) -> None:
    await keeper.goto(ROOT)
    await keeper.keyboard.press("j")
    await expect(keeper.get_by_role("link", name="芜湖造船厂")).to_be_focused()
    await keeper.keyboard.press("/")
    await keeper.keyboard.type("造船")
    await keeper.keyboard.press("Enter")
    await expect(keeper.locator("[data-row]")).to_have_count(1)
    await keeper.get_by_role("link", name="全程服务链").click()
    await expect(keeper.get_by_role("link", name="工业项目")).to_be_visible()


async def test_a_document_is_previewed_and_imported(keeper: Page, axe: Axe, tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_bytes(
        city(("name: 芜湖造船厂", "name: 芜湖造船集团"), ('most: "10000"', 'most: "9000"'))
    )
    await keeper.goto(f"{ROOT}/import")
    await keeper.get_by_label("监察依据文件").set_input_files(changed)
    await keeper.get_by_role("button", name="预览").click()
    await expect(keeper.get_by_role("heading", name="请留意")).to_be_visible()
    await axe(keeper)
    await keeper.set_viewport_size({"width": 390, "height": 780})
    assert await keeper.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await keeper.get_by_role("button", name="确认导入").click()
    await expect(keeper.get_by_text("监察依据文件已全部导入。")).to_be_visible()
    await expect(keeper.get_by_role("link", name="芜湖造船集团")).to_be_visible()
