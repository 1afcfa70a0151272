"""Officials sign in, change a made password and leave, in a real browser; nobody is barred."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from deploy.account.accounts import Opened, opened
from deploy.tenancies import ACCESS
from kernel.access.policy import Role
from kernel.access.principal import Grant
from kernel.database import instant
from tests.console.conftest import Axe
from tests.console.cookie import carry
from tests.system.access import signed_in
from tests.system.stack import Process, Stack

NUMBERS = count(1)
NEW = "correct horse battery"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""Of what is recorded; sessions go by the clock of the process."""


async def official(city: Stack, *grants: Grant) -> Opened:
    """Open an account as the command line does."""
    name = f"official{next(NUMBERS)}"
    return await opened(city.postgres.url(), name, "张三", grants, now=NOW)


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["desk", "phone"])
async def stranger(
    browser: Browser, supervision: Process, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    """Return a tab of somebody who has not signed in; its scripts may do nothing wrong."""
    width, height = request.param
    context = await browser.new_context(
        base_url=supervision.origin, locale="zh-CN", viewport={"width": width, "height": height}
    )
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda told: wrong.append(told.text) if "Content Security" in told.text else None,
    )
    yield page
    await context.close()
    assert wrong == []


async def fill_in(page: Page, name: str, password: str) -> None:
    await page.get_by_label("账号").fill(name)
    await page.get_by_label("口令").fill(password)
    await page.keyboard.press("Enter")


async def fits(page: Page) -> bool:
    wide: bool = await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


async def test_an_official_signs_in_for_the_first_time_and_leaves(
    shared_city: Stack, stranger: Page, axe: Axe
) -> None:
    page, zhang = stranger, await official(shared_city, Grant(role=Role.OFFICE))
    await page.goto("/console/cases")
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()
    await axe(page)
    await fill_in(page, zhang.name, "wrong")
    await expect(page.get_by_text("账号或者口令不对")).to_be_visible()
    await expect(page.get_by_label("账号")).to_have_value(zhang.name)
    await axe(page)
    await fill_in(page, zhang.name, zhang.password)
    await expect(page.get_by_text("只能用来登录一次")).to_be_visible()
    await axe(page)
    assert await fits(page)
    await page.get_by_label("当前口令").fill(zhang.password)
    await page.get_by_label("新口令", exact=True).fill(NEW)
    await page.get_by_label("再输入一次新口令").fill(NEW)
    await page.get_by_role("button", name="修改口令").click()
    await page.wait_for_url("**/console")
    await page.get_by_role("link", name="张三").click()
    await expect(page.get_by_text("本次登录")).to_be_visible()
    await page.get_by_role("button", name="退出", exact=True).click()
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()
    await page.goto("/console/cases")
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()


async def test_going_back_after_leaving_shows_nothing(
    shared_city: Stack, supervision: Process, stranger: Page
) -> None:
    page = stranger
    name = f"leaving{next(NUMBERS)}"
    now = await _clock(shared_city)
    url = shared_city.postgres.url()
    secret = await signed_in(url, name, Grant(role=Role.OFFICE), now=now)
    await carry(page.context, supervision.port, secret)
    await page.goto("/console/cases")
    await expect(page.get_by_role("heading", name="办件")).to_be_visible()
    await page.get_by_role("button", name="退出", exact=True).click()
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()


async def test_an_administrator_keeps_accounts_and_tokens(
    shared_city: Stack, supervision: Process, stranger: Page, axe: Axe
) -> None:
    page, name = stranger, f"keeper{next(NUMBERS)}"
    now = await _clock(shared_city)
    url = shared_city.postgres.url()
    secret = await signed_in(url, name, Grant(role=Role.ADMINISTRATOR), now=now)
    await carry(page.context, supervision.port, secret)
    await page.goto("/")
    await expect(page.get_by_role("heading", name="账号管理")).to_be_visible()
    await expect(page.get_by_role("link", name="办件")).to_have_count(0)
    new = f"new{next(NUMBERS)}"
    await page.get_by_label("账号名").fill(new)
    await page.get_by_label("姓名").fill("李四")
    await page.get_by_label("承办人", exact=True).check()
    await page.get_by_label("承办人的单位代码").fill("税务局")
    await axe(page)
    assert await fits(page)
    await page.get_by_role("button", name="开立").click()
    await expect(page.get_by_text("口令只显示这一次")).to_be_visible()
    await axe(page)
    await page.get_by_role("link", name="查看账号").click()
    await expect(page.get_by_text("承办人（税务局）")).to_be_visible()
    await page.get_by_role("button", name="停用账号").click()
    await expect(page.get_by_role("button", name="恢复使用")).to_be_visible()
    await axe(page)
    assert await fits(page)
    await page.get_by_role("link", name="访问令牌").click()
    await page.get_by_label("名称").fill(f"大屏 {new}")
    await page.get_by_label("领导", exact=True).check()
    await page.get_by_role("button", name="发放").click()
    await expect(page.get_by_text("令牌只显示这一次")).to_be_visible()
    await axe(page)
    assert await fits(page)
    await page.get_by_role("button", name=f"停用 大屏 {new}").click()
    await expect(page.get_by_role("row", name=f"大屏 {new}").get_by_text("已停用")).to_be_visible()


async def test_an_official_signs_in_without_scripts_too(
    shared_city: Stack, supervision: Process, browser: Browser
) -> None:
    zhang = await official(shared_city, Grant(role=Role.OFFICE))
    context = await browser.new_context(base_url=supervision.origin, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/sign-in")
    await fill_in(page, zhang.name, zhang.password)
    await expect(page.get_by_text("只能用来登录一次")).to_be_visible()
    await context.close()


async def _clock(city: Stack) -> datetime:
    """Return the time by which sessions are opened now: that of the process, which is ours."""
    connection = await asyncpg.connect(
        city.postgres.url(), server_settings={"search_path": ACCESS.name}
    )
    now = await instant(connection)
    await connection.close()
    return now
