"""The life of a rule in a real browser: draft, mistakes, rehearsal, enactment, and who did it."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.postgres import Postgres
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.rehearsal.keep import done, take
from services.electronic_supervision.rehearsal.trials import ask_for_trials
from services.electronic_supervision.rules.shelf import shipped
from tests.console import register_town, rules_town
from tests.console.conftest import Axe
from tests.console.rules_town import NOW

pytestmark = pytest.mark.browser

ROOT = "/console/rules"
TRIED = f"{ROOT}/steps-in-order"
NIGHT = date(2026, 11, 24)
PAGES = (ROOT, f"{ROOT}?q=none", TRIED, f"{ROOT}/draft", "/console/rehearsals")
CLAUSED = shipped()["steps-in-order"].text.replace("（条款由市效能办填写）", "第九条")
EXAMPLE = {
    "kind": "appear",
    "source": "/wuhu/approvals",
    "case": "340200-1",
    "stream": "x",
    "unit": "市住建局",
    "item": "许可",
    "clock": "act",
    "before": None,
    "after": "yellow",
    "rule": "steps-in-order",
    "clause": "第九条",
    "words": "审核先于受理",
}
RESULT = {
    "figures": {"cases": 900, "facts": 900, "appear": 1, "vanish": 0, "change": 0},
    "units": [{"unit": "市住建局", "appear": 1, "vanish": 0, "change": 0}],
    "items": [{"item": "许可", "appear": 1, "vanish": 0, "change": 0}],
    "levels": [{"before": None, "after": "yellow", "count": 1}],
    "examples": [EXAMPLE],
    "notes": [],
    "failures": [],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with register_town.database() as running:
        yield running


@pytest.fixture
async def town(server: Postgres) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    async with rules_town.town(server) as opened:
        yield opened


@pytest.fixture
async def keeper(town: tuple[str, asyncpg.Connection], browser: Browser) -> AsyncIterator[Page]:
    """Return a tab of somebody who keeps the rules of a small town."""
    async with register_town.visit(browser, town[0]) as page:
        yield page


async def rehearse(connection: asyncpg.Connection) -> None:
    """Let what was asked for come to a result, as the process that rehearses does."""
    lease = await rules_town.leased(connection)
    asked = await take(connection, lease)
    assert asked is not None
    assert asked.digest == digest_of(asked.proposal.document)
    await done(connection, lease, asked, RESULT, NOW)


async def test_no_page_has_barriers_or_scrolls_sideways_on_a_phone(keeper: Page, axe: Axe) -> None:
    for path in PAGES:
        await keeper.set_viewport_size({"width": 1366, "height": 768})
        await keeper.goto(path)
        await axe(keeper)
        await keeper.set_viewport_size({"width": 390, "height": 780})
        width = await keeper.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} pixels wide"


async def test_every_example_of_a_rule_is_worked_out_when_its_page_is_opened(keeper: Page) -> None:
    await keeper.goto(TRIED)
    examples = keeper.locator("section", has=keeper.locator("#examples-title")).locator("tbody tr")
    assert await examples.count() == len(shipped()["steps-in-order"].examples)
    await expect(examples.filter(has_text="相符")).to_have_count(await examples.count())


async def test_rules_are_found_by_system_and_state(keeper: Page) -> None:
    await keeper.goto(ROOT)
    await expect(keeper.locator("tbody tr")).to_have_count(len(shipped()))
    await keeper.get_by_label("状态").select_option("active")
    await keeper.get_by_role("button", name="筛选").click()
    await expect(keeper.locator("tbody tr").filter(has_text="试运行")).to_have_count(0)
    assert "state=active" in keeper.url


async def test_a_mistake_in_a_draft_is_told_with_its_line_and_nothing_is_kept(
    keeper: Page, axe: Axe
) -> None:
    await keeper.goto(f"{ROOT}/draft?id=steps-in-order&version=1")
    await keeper.get_by_label("规则文本").fill(CLAUSED.replace("level: yellow", "level: purple"))
    await keeper.get_by_role("button", name="保存草案").click()
    await expect(keeper.get_by_role("alert")).to_contain_text("第")
    await expect(keeper.get_by_label("规则文本")).to_contain_text("第九条")
    await axe(keeper)


async def test_a_rule_is_drafted_rehearsed_and_enacted_and_tells_who_did_it(
    keeper: Page, axe: Axe, town: tuple[str, asyncpg.Connection]
) -> None:
    await keeper.goto(f"{ROOT}/draft?id=steps-in-order&version=1")
    await keeper.get_by_label("规则文本").fill(CLAUSED)
    await keeper.get_by_role("button", name="保存草案").click()
    await expect(keeper.get_by_role("status").last).to_contain_text("草案已保存")
    await expect(keeper.locator("main")).to_contain_text("尚未预演")
    await expect(keeper.get_by_label("自哪一天起生效")).to_have_count(0)
    await keeper.get_by_role("button", name="预演").click()
    await expect(keeper.locator("#result")).to_contain_text("等待")
    await rehearse(town[1])
    await expect(keeper.locator("#result")).to_contain_text("审核先于受理")
    await axe(keeper)
    await keeper.goto(f"{TRIED}?version=2")
    await expect(keeper.locator("main")).to_contain_text("与第 1 版的不同")
    await keeper.get_by_label("自哪一天起生效").fill("2026-11-24")
    await keeper.get_by_role("button", name="生效").click()
    await expect(keeper.get_by_role("status").last).to_contain_text("已定生效日期")
    await expect(keeper.locator(".timeline")).to_contain_text("效能办")
    await axe(keeper)
    told = await town[1].fetchval(
        "select metadata from event where type = 'RuleActivated' and stream = 'rule-steps-in-order'"
    )
    assert json.loads(told)["role"] == "office"


async def test_a_rule_is_not_retired_in_the_past(keeper: Page) -> None:
    await keeper.goto(TRIED)
    await keeper.locator("#day").evaluate("each => each.removeAttribute('min')")
    await keeper.locator("#day").fill("2020-01-01")
    await keeper.get_by_label("原因").fill("重复")
    await keeper.get_by_role("button", name="停用").click()
    await expect(keeper.locator("main")).to_contain_text("规则不得溯及既往")


async def test_a_rule_on_trial_shows_what_it_would_have_said(
    keeper: Page, town: tuple[str, asyncpg.Connection], axe: Axe
) -> None:
    rule = "two-yellow-cards"
    await keeper.goto(f"{ROOT}/{rule}")
    trial = keeper.locator("section", has=keeper.locator("#trial-title"))
    await expect(trial).to_contain_text("第一次结果次日可见")
    await keeper.goto(f"{ROOT}/post-unattended")
    await expect(trial).to_contain_text("不试算")
    await keeper.goto(f"{ROOT}/{rule}")
    connection = town[1]
    assert await ask_for_trials(connection, NIGHT, NOW)
    lease = await rules_town.leased(connection)
    asked = await take(connection, lease)
    assert asked is not None
    count = {"appear": 1, "vanish": 0, "change": 0}
    shown = {
        **EXAMPLE,
        "rule": rule,
        "stream": "",
        "case": "",
        "subject": "单位 unit-7",
        "words": "现行：不产生红牌。变更后：红牌，2026年11月23日，受到2次黄牌。",
    }
    result = {**RESULT, "rules": [{"rule": rule, **count}], "examples": [EXAMPLE, shown]}
    await done(connection, lease, asked, result, NOW)
    await keeper.reload()
    await expect(trial.locator(".tile").first).to_contain_text("新增 1")
    await expect(trial.locator("tbody tr")).to_have_count(1)
    await expect(trial.locator("tbody tr")).to_contain_text("单位 unit-7")
    await axe(keeper)
    await trial.get_by_role("link", name="全部试运行规则").click()
    await expect(keeper.locator("h1")).to_contain_text("全部试运行规则")
    await expect(keeper.locator("main")).to_contain_text("每夜自动")


async def test_whom_a_rule_would_concern_is_told_to_those_who_look_into_leads_alone(
    keeper: Page, town: tuple[str, asyncpg.Connection]
) -> None:
    assert await ask_for_trials(town[1], NIGHT, NOW)
    lease = await rules_town.leased(town[1])
    asked = await take(town[1], lease)
    assert asked is not None
    example = {**EXAMPLE, "rule": "two-yellow-cards"}
    counts = {"rule": "two-yellow-cards", "appear": 1, "vanish": 0, "change": 0}
    result = {**RESULT, "rules": [counts], "examples": [example]}
    await done(town[1], lease, asked, result, NOW)
    pages = f"{ROOT}/two-yellow-cards", f"/console/rehearsals/{asked.id}"
    for path in pages:
        await keeper.goto(path)
        await expect(keeper.locator("main")).to_contain_text("340200-1")
    async with httpx.AsyncClient(base_url=town[0]) as leader:
        headers = {"Authorization": "Bearer leader", "Accept": "text/html"}
        for path in pages:
            page = (await leader.get(path, headers=headers)).text
            assert "新增" in page, "the figures are for everybody who may read the rule"
            for secret in ("340200-1", "市住建局", "审核先于受理"):
                assert secret not in page, (path, secret)
