"""A tab whose session has ended leads to the sign-in page, and does not say "reconnecting"."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from deploy.tenancies import ACCESS
from kernel.access.account import SetGrants
from kernel.access.accounts import carry_out
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.access.sessions import end_all
from tests.console.cookie import carry
from tests.console.town import TODAY
from tests.system.access import signed_in
from tests.system.stack import Process, Stack

pytestmark = pytest.mark.browser

WALL = "/console/alerts"
SOON_MS = 15_000
"""Beat, cache and the browser's own delay take about five seconds."""


@pytest.fixture
async def access(shared_city: Stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await shared_city.database(ACCESS)
    yield connection
    await connection.close()


@pytest.fixture
async def watching(
    browser: Browser, supervision: Process, shared_city: Stack
) -> AsyncIterator[Page]:
    """Return a tab that shows the live wall to an official who has signed in."""
    url, grant = shared_city.postgres.url(), Grant(role=Role.LEADER)
    secret = await signed_in(url, "zhang.wei", grant, now=TODAY)
    context = await browser.new_context(base_url=supervision.origin)
    await carry(context, supervision.port, secret)
    page = await context.new_page()
    await page.goto(WALL)
    await expect(page.locator("#link")).to_have_text("实时")
    yield page
    await context.close()


async def signed_out(access: asyncpg.Connection) -> None:
    await end_all(access, "zhang.wei")


async def of_another_role(access: asyncpg.Connection) -> None:
    grants = (Grant(role=Role.ADMINISTRATOR),)
    command = SetGrants(name="zhang.wei", grants=grants)
    await carry_out(access, command, now=TODAY, by=by_hand("test"))


@pytest.mark.parametrize("loses", [signed_out, of_another_role])
async def test_a_live_tab_leads_to_the_sign_in_page_once_its_session_has_ended(
    watching: Page,
    access: asyncpg.Connection,
    loses: Callable[[asyncpg.Connection], Awaitable[None]],
) -> None:
    await loses(access)
    await watching.wait_for_url("**/sign-in?next=*", timeout=SOON_MS)
    assert "next=%2Fconsole%2Falerts" in watching.url, "nobody knows where he was"
