"""The console of a small town, in a real browser and for plain requests."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.console import town
from tests.console.cookie import carry
from tests.system.conftest import shared_city, shared_folder
from tests.system.stack import OPERATOR, Process, Stack

__all__ = ["shared_city", "shared_folder"]

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RUN_AXE = """
async () => (await axe.run()).violations.map(
    (found) => [`${found.id}: ${found.help}`, ...found.nodes.map((node) => node.html)].join("\\n  ")
)
"""


@pytest.fixture(scope="module")
async def supervision(shared_city: Stack) -> AsyncIterator[Process]:
    """Return electronic supervision with a case at every level."""
    running = await town.begun(shared_city)
    await town.tell(running, town.EVERY_LEVEL)
    async with running.client() as client:
        await town.shown(client, len(town.EVERY_LEVEL))
    yield running
    running.kill()


@pytest.fixture
async def console(supervision: Process) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that asks as a browser does, and has signed in."""
    async with httpx.AsyncClient(
        base_url=supervision.origin,
        headers={"Accept": "text/html", "Origin": supervision.origin},
        cookies={"xiaoneng": OPERATOR},
        timeout=30,
    ) as client:
        yield client


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    assert path, "these tests need Chromium (Debian: apt-get install chromium fonts-noto-cjk)"
    async with async_playwright() as playwright:
        # as root, which CI is, Chromium has no sandbox
        started = await playwright.chromium.launch(
            executable_path=path, args=QUIET, chromium_sandbox=False
        )
        yield started
        await started.close()


@pytest.fixture
async def context(browser: Browser, supervision: Process) -> AsyncIterator[BrowserContext]:
    """Return a browser whose user has signed in."""
    made = await browser.new_context(
        base_url=f"http://127.0.0.1:{supervision.port}",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1366, "height": 768},
    )
    await carry(made, supervision.port, OPERATOR)
    yield made
    await made.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """Return an empty tab; whatever goes wrong in its scripts, or breaks its policy, fails."""
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console",
        lambda told: wrong.append(told.text) if "Content Security" in told.text else None,
    )
    yield opened
    assert wrong == []


Axe = Callable[[Page], Awaitable[None]]


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Return what looks for barriers to people who see, hear or move otherwise."""
    script = AXE.read_text(encoding="utf-8")

    async def look(page: Page) -> None:
        await page.evaluate(script)
        found = await page.evaluate(RUN_AXE)
        assert found == [], "\n".join(found)

    return look
