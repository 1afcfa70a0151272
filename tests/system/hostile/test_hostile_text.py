"""Text that anybody may send is shown letter by letter on every page, and nothing of it runs."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Page, expect

from kernel.access.account import OpenAccount
from kernel.access.accounts import carry_out
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.access.sessions import open_session
from tests.console.conftest import browser as chromium
from tests.console.cookie import carry
from tests.system.hostile.poison import CASE, RUNS, SHOWN, UNIT, poison, poisoned
from tests.system.hostile.town import Town, browser, filled, moment, routes
from tests.waiting import until

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

ROLES = (Grant(role=Role.OFFICE), Grant(role=Role.AUDITOR), Grant(role=Role.ADMINISTRATOR))
NAME = "poisoned"
LOOK = """() => ({
    ran: window.pwned !== undefined,
    made: document.querySelectorAll("svg[onload], script:not([src])").length,
    text: document.documentElement.innerText + "\\n"
        + [...document.querySelectorAll("input, textarea")].map((each) => each.value).join("\\n"),
})"""
SEARCHED = (
    "/console/alerts?q={}",
    "/console/alerts?unit={}&view=table",
    "/console/cases?q={}",
    "/console/audit?by={}",
    "/sign-in?next={}",
    "/console/register?q={}",
    "/nowhere/{}",
)


@pytest.fixture(scope="module")
async def cookie(town: Town) -> str:
    """Return the session of somebody who may see all there is, and whose own name is poison."""
    await poisoned(town)
    access = await town.access()
    opening = OpenAccount(name=NAME, title=poison("姓名"), grants=ROLES)
    await carry_out(access, opening, now=moment(), by=by_hand("test"))
    secret = await open_session(
        access, NAME, now=moment(), address="127.0.0.1", agent=poison("浏览器")
    )
    await access.close()
    async with browser(town.doors, {"xiaoneng": secret}) as visitor:
        message = await held(town)
        told = {"reason": poison("理由")}
        answer = await visitor.post(f"/console/quarantine/{message}/discard", data=told)
        assert answer.headers["location"].startswith("/console"), answer.text
    return secret


async def held(town: Town) -> str:
    """Return the message that came by the bus, once it is there."""
    database = await town.city.database()

    async def look() -> str | None:
        found: str | None = await database.fetchval(
            "select id from quarantine where source <> '' and code = 'malformed-json'"
        )
        return found

    found = await until(look)
    await database.close()
    return found


async def ids(town: Town) -> dict[str, str]:
    """Return what fills the parameters of an address."""
    database = await town.city.database()
    case = await database.fetchval("select id from docket where number = $1", CASE)
    message = await database.fetchval("select id from quarantine limit 1")
    await database.close()
    access = await town.access()
    token = await access.fetchval("select id from token where name = $1", poison("令牌"))
    await access.close()
    unit = quote(UNIT, safe="")
    return {
        "case": case,
        "message": message,
        "code": unit,
        "name": NAME,
        "account": NAME,
        "token": token,
        "kind": "units",
    }


@pytest.fixture
async def page(chromium: Browser, town: Town, cookie: str) -> AsyncIterator[Page]:
    context = await chromium.new_context(locale="zh-CN")
    await carry(context, town.doors.port, cookie)
    yield await context.new_page()
    await context.close()


async def test_no_page_runs_what_somebody_sent_and_every_word_is_read_as_it_is(
    page: Page, town: Town
) -> None:
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if "Content Sec" in told.text else None)
    page.on("dialog", lambda told: wrong.append(told.message))
    known = await ids(town)
    paths = [
        filled(path, **known)
        for _, path in await routes(town.city, "GET")
        if path.startswith("/console") and not path.endswith(("stream", ".csv"))
    ]
    paths += [each.format(quote(RUNS, safe="")) for each in SEARCHED]
    read, shown = "", 0
    for path in paths:
        answer = await page.goto(f"{town.doors.origin}{path}", wait_until="load")
        assert answer is not None
        assert answer.status < 500, path
        if "html" not in answer.headers.get("content-type", ""):
            continue
        found = await page.evaluate(LOOK)
        assert not found["ran"], f"{path} ran what somebody had sent"
        assert not found["made"], f"{path} made elements of what somebody had sent"
        assert wrong == [], (path, wrong)
        shown += "{{7*7}}" in found["text"]
        read += found["text"]
    assert shown >= 8
    missing = sorted(each for each in SHOWN if each not in read)
    assert missing == []


async def test_what_a_page_asks_for_by_itself_runs_nothing_either(page: Page, town: Town) -> None:
    known = await ids(town)
    for view in ("table", "cards"):
        await page.goto(f"{town.doors.origin}/console/alerts?view={view}")
        await page.locator("a[hx-get]", has_text=CASE).first.click()
        await expect(page.locator("#drawer")).to_contain_text(CASE)
        found = await page.evaluate(LOOK)
        assert (found["ran"], found["made"]) == (False, 0), "in the drawer"
    await page.goto(f"{town.doors.origin}/console/cases/{known['case']}")
    for summary in await page.locator("summary").all():
        await summary.dispatch_event("click")
    found = await page.evaluate(LOOK)
    assert (found["ran"], found["made"]) == (False, 0)


async def test_no_answer_to_a_program_can_be_read_as_a_page(town: Town, cookie: str) -> None:
    known = await ids(town)
    async with browser(town.doors, {"xiaoneng": cookie}) as visitor:
        for _, path in await routes(town.city, "GET"):
            if path.startswith("/console") or path.endswith("stream"):
                continue
            answer = await visitor.get(filled(path, **known), headers={"Accept": "*/*"})
            kind = answer.headers.get("content-type", "")
            is_page = path in ("/", "/sign-in")
            assert is_page or "html" not in kind, (path, kind)
            assert answer.headers["x-content-type-options"] == "nosniff"
