"""Officials come in as the city's own identity provider knows them, and nobody else does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from deploy.tenancies import ACCESS
from kernel.access.account import LinkIdentity, OpenAccount, Suspend
from kernel.access.accounts import carry_out, set_password
from kernel.access.policy import Role
from kernel.access.principal import Grant
from tests.resilience.free_port import free_port
from tests.system.access import BY
from tests.system.identity_provider import CLIENT, SECRET, Browser, browser, provider
from tests.system.stack import Process, Stack

pytestmark = pytest.mark.node

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SESSIONS = "select count(*) from session"
FAILURES = "select data::json ->> 'name' from event where type = 'SignInFailed' order by position"


@dataclass
class Town:
    """A console, the provider that knows its officials, and the record of who came in."""

    console: str
    issuer: str
    record: asyncpg.Connection
    process: Process

    async def opens(self, name: str, subject: str) -> None:
        """Open an account for somebody whom the provider knows by a subject."""
        opened = OpenAccount(name=name, title="张三", grants=(Grant(role=Role.LEADER),))
        linked = LinkIdentity(name=name, issuer=self.issuer, subject=subject)
        for command in (opened, linked):
            await carry_out(self.record, command, now=NOW, by=BY)


@pytest.fixture(scope="module")
async def town(shared_city: Stack) -> AsyncIterator[Town]:
    port = free_port()
    console = f"http://127.0.0.1:{port}"
    record = await shared_city.database(ACCESS)
    async with provider(console) as issuer:
        process = await shared_city.start(
            XIAONENG_HTTP_PORT=str(port),
            XIAONENG_PUBLIC_URL=console,
            XIAONENG_OIDC_ISSUER=issuer,
            XIAONENG_OIDC_CLIENT_ID=CLIENT,
            XIAONENG_OIDC_CLIENT_SECRET=SECRET,
        ).listening()
        made = Town(console, issuer, record, process)
        await made.opens("zhang", "zhang-3")
        yield made
    await record.close()


@pytest.fixture
async def visitor(town: Town) -> AsyncIterator[Browser]:
    async with browser(town.console) as made:
        yield made


async def test_an_official_comes_in_as_the_city_knows_him(town: Town, visitor: Browser) -> None:
    page = await visitor.signs_in(await visitor.knocks("/console/alerts?level=red"), "zhang-3")
    assert page.status_code == 200
    assert str(page.url) == f"{town.console}/console/alerts?level=red"
    assert "张三" in page.text


async def test_somebody_without_an_account_is_told_what_to_tell_the_administrator(
    town: Town, visitor: Browser
) -> None:
    page = await visitor.signs_in(await visitor.knocks(), "li-4")
    assert page.status_code == 403
    assert "li-4" in page.text
    assert town.issuer in page.text
    assert (await visitor.client.get("/console/alerts")).url.path == "/sign-in"
    assert (await town.record.fetch(FAILURES))[-1][0] is None


async def test_a_suspended_account_stays_shut(town: Town, visitor: Browser) -> None:
    await town.opens("wang", "wang-5")
    await carry_out(town.record, Suspend(name="wang"), now=NOW, by=BY)
    page = await visitor.signs_in(await visitor.knocks(), "wang-5")
    assert page.status_code == 403
    assert (await town.record.fetch(FAILURES))[-1][0] == "wang"


async def test_who_comes_this_way_owes_no_password_that_was_made_for_him(
    town: Town, visitor: Browser
) -> None:
    await town.opens("zhao", "zhao-6")
    await set_password(town.record, "zhao", "digest", is_generated=True, now=NOW, by=BY)
    page = await visitor.signs_in(await visitor.knocks("/console/cases"), "zhao-6")
    assert page.url.path == "/console/cases"


async def test_who_thinks_better_of_it_is_told_so(visitor: Browser) -> None:
    page = await visitor.cancels(await visitor.knocks())
    assert page.status_code == 403
    assert "oidc-refused" in page.text


async def test_nobody_is_led_to_another_site_afterwards(town: Town, visitor: Browser) -> None:
    page = await visitor.signs_in(await visitor.knocks("//evil.example"), "zhang-3")
    assert str(page.url).startswith(f"{town.console}/console")


async def test_the_way_back_is_open_once_and_to_the_browser_that_left_alone(
    town: Town, visitor: Browser
) -> None:
    page = await visitor.signs_in(await visitor.knocks(), "zhang-3")
    (way_back,) = [str(each.url) for each in page.history if "/return?" in str(each.url)]
    before = await town.record.fetchval(SESSIONS)
    async with browser(town.console) as thief:
        assert "oidc-untrue" in (await thief.client.get(way_back)).text
    assert "oidc-untrue" in (await visitor.client.get(way_back)).text
    assert await town.record.fetchval(SESSIONS) == before


async def test_a_code_of_somebody_else_brings_nobody_in(town: Town, visitor: Browser) -> None:
    """An attacker must not sign a victim's browser in under his own name (login CSRF)."""
    async with browser(town.console) as attacker:
        attacker.client.event_hooks["request"].append(_stop_at_the_way_back)
        form = await attacker.knocks()
        with pytest.raises(_WayBackError) as stopped:
            await attacker.signs_in(form, "zhang-3")
    code = parse_qs(urlsplit(str(stopped.value)).query)["code"][0]
    form = await visitor.knocks()
    state = next(
        parse_qs(urlsplit(str(each.url)).query)["state"][0]
        for each in form.history
        if "state=" in str(each.url)
    )
    page = await visitor.client.get("/sign-in/oidc/return", params={"code": code, "state": state})
    assert page.status_code == 403
    assert "oidc-untrue" in page.text


@pytest.mark.parametrize("cookie", ["", "x", "bnVsbA==", "W10=", "eyJfc3RhdGUiOiAxfQ=="])
async def test_a_cookie_that_is_not_ours_is_refused_in_words(visitor: Browser, cookie: str) -> None:
    page = await visitor.client.get(
        "/sign-in/oidc/return?code=x&state=y", headers={"Cookie": f"xiaoneng-oidc={cookie}"}
    )
    assert page.status_code == 403
    assert "oidc-untrue" in page.text


async def test_a_provider_that_is_away_is_said_to_be(shared_city: Stack) -> None:
    port = free_port()
    console = f"http://127.0.0.1:{port}"
    await shared_city.start(
        XIAONENG_HTTP_PORT=str(port),
        XIAONENG_PUBLIC_URL=console,
        XIAONENG_OIDC_ISSUER=f"http://127.0.0.1:{free_port()}",
        XIAONENG_OIDC_CLIENT_ID=CLIENT,
        XIAONENG_OIDC_CLIENT_SECRET=SECRET,
    ).listening()
    async with browser(console) as visitor:
        page = await visitor.knocks()
        assert page.status_code == 503
        assert "oidc-unreachable" in page.text
        assert "统一身份认证" in (await visitor.client.get("/sign-in")).text


class _WayBackError(Exception):
    """The browser was about to come back; the message is the address."""


async def _stop_at_the_way_back(request: object) -> None:
    url = str(getattr(request, "url", ""))
    if "/sign-in/oidc/return" in url:
        raise _WayBackError(url)
