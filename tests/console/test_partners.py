"""The page of partners, and the one where events are tried, by plain requests and in a browser."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import asyncpg
import httpx
import pytest
from playwright.async_api import Page, expect

from services.electronic_supervision.doors import rejections
from services.electronic_supervision.doors.partners import shown_as
from services.electronic_supervision.doors.systems import admit
from tests.console import town
from tests.console.conftest import Axe
from tests.console.quarantined import put
from tests.electronic_supervision.live.said import APPROVALS, Said, accepted, decided
from tests.system.stack import REPORTER, Process, Stack
from tests.waiting import until

PAGE, TRY = "/console/partners", "/console/try"
BEGAN = town.TODAY - timedelta(days=30)


@pytest.fixture(scope="module")
async def database(shared_city: Stack, supervision: Process) -> AsyncIterator[asyncpg.Connection]:
    assert supervision.port
    connection = await shared_city.database()
    await admit(connection, replace(APPROVALS, title="行政审批系统", rate=6000, largest=65536))
    for name, title, units, gone in (
        (APPROVALS.name, "行政审批系统", [], None),
        ("reader", "效能看板<b>", ["WHZJW", "WHGAJ"], None),
        ("former", "旧系统", [], town.TODAY),
    ):
        await shown_as(
            connection,
            name=name,
            title=title,
            subscribes=[] if name == APPROVALS.name else ["supervision.alerts"],
            units=units,
            durable=name == "reader",
            has_keys=gone is None,
            added_at=BEGAN,
            revoked_at=gone,
        )
    yield connection
    await connection.close()


async def rows(console: httpx.AsyncClient) -> dict[str, str]:
    """Return the text of each partner's row, by its name."""
    answer = await console.get(PAGE)
    assert answer.status_code == 200, answer.text
    found = answer.text.split('<tr id="partner-')[1:]
    return {each.split('class="source-path">')[1].split("<")[0].split()[0]: each for each in found}


async def test_each_partner_is_shown_with_what_was_agreed(
    console: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    assert not database.is_closed()
    found = await rows(console)
    assert list(found) == ["approvals", "reader", "former"], "who left comes last"
    ours = found["approvals"]
    for words in ("行政审批系统", "在用", "每分钟 6,000 个事件", "单个事件 65,536 字节"):
        assert words in ours
    for words in ("预警和牌", "WHZJW、WHGAJ", "离线保留", "只订阅"):
        assert words in found["reader"]
    assert "已停用" in found["former"]
    assert "<b>" not in found["reader"].split("source-path")[0], "a title became HTML"
    assert "效能看板<b>" in unescape(found["reader"])


async def test_what_was_refused_and_held_in_the_last_week_is_shown_with_reasons(
    console: httpx.AsyncClient, database: asyncpg.Connection, supervision: Process
) -> None:
    async with supervision.client(REPORTER) as client:
        kind = {"Content-Type": "application/cloudevents+json"}
        assert (await client.post("/events", content=b"{", headers=kind)).status_code == 400
    long_ago = town.TODAY - timedelta(days=8)
    await rejections.count(database, {(APPROVALS.name, "foreign-source"): 9}, long_ago)
    await rejections.count(database, {(APPROVALS.name, "over-rate"): 5}, town.TODAY)
    await put(database, decided("2026-11-25 09:00", town.number()))
    ours = (await rows(console))["approvals"]
    assert "退回 1 次：不是有效的 JSON" in ours
    assert "退回 5 次：超过商定速率，经总线照收" in ours
    assert "隔离 1 条：" in ours
    assert "不能以其他系统的名义" not in ours, "what is older than a week is shown"


async def tried(console: httpx.AsyncClient, text: str, system: str = APPROVALS.name) -> str:
    answer = await console.post(TRY, data={"system": system, "text": text})
    assert answer.status_code == 200, answer.text
    return unescape(answer.text).split('id="fates"')[1]


async def test_an_event_that_is_tried_is_shown_with_its_case_and_its_limit(
    console: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    before = await database.fetchval("select count(*) from event")
    case = town.number()
    page = await tried(console, json.dumps(accepted("2026-11-23 10:00", case)))
    for words in ("测试", "可以接收", case, "机关钟", "11月30日", "无预警"):
        assert words in page, words
    late: list[Said] = [accepted("2026-11-02 10:00", case), decided("2026-11-25 09:00", case)]
    page = await tried(console, json.dumps(late))
    assert page.count('class="panel"') == 2
    assert "红牌" in page
    assert await database.fetchval("select count(*) from event") == before


async def test_what_would_be_refused_says_where_and_what_to_do(console: httpx.AsyncClient) -> None:
    page = await tried(console, json.dumps({**accepted("2026-11-23 10:00"), "source": "/x"}))
    for words in ("不予接收", "不能以其他系统的名义报送", "source", "foreign-source"):
        assert words in page
    assert "不是有效的 JSON" in await tried(console, "{")
    assert "没有事件" in await tried(console, "[]")
    script = {
        **accepted("2026-11-23 10:00"),
        "data": {"case": "<script>", "unit": "u", "item": "i"},
    }
    answer = await console.post(TRY, data={"system": "approvals", "text": json.dumps(script)})
    assert "<script>" not in answer.text.split("<main")[1]


async def test_too_much_and_nobody_are_refused(console: httpx.AsyncClient) -> None:
    for data, status in (
        ({"system": "approvals", "text": json.dumps([{}] * 101)}, 413),
        ({"system": "nobody", "text": "{}"}, 422),
        ({"system": "approvals", "text": "x" * 200_001}, 422),
    ):
        assert (await console.post(TRY, data=data)).status_code == status


async def test_metrics_tell_when_each_partner_was_last_heard(
    console: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    heard = datetime.max.replace(tzinfo=town.TODAY.tzinfo)
    assert await database.fetchval("select max(recorded_at) from event") < heard
    line = 'xiaoneng_partner_last_event_timestamp_seconds{partner="approvals"}'

    async def is_told() -> bool:
        return line in (await console.get("/metrics")).text

    await until(is_told)


@pytest.mark.browser
@pytest.mark.usefixtures("database")
async def test_pages_of_partners_work_for_everybody(page: Page, axe: Axe) -> None:
    await page.goto(PAGE)
    await expect(page.locator("#partner-1")).to_contain_text("行政审批系统")
    await axe(page)
    await page.get_by_role("link", name="试报事件").click()
    await page.get_by_label("来源系统").select_option(APPROVALS.name)
    await page.get_by_label("事件（JSON）").fill(json.dumps(accepted("2026-11-23 10:00")))
    await page.get_by_role("button", name="试报").click()
    await expect(page.locator("#fates")).to_contain_text("可以接收")
    await axe(page)
