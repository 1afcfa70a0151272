"""A certified OpenID Connect provider that runs beside a test, and a browser that goes there."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

NODE = Path(__file__).parents[1] / "node"
CLIENT, SECRET = "xiaoneng", "a secret of the two"
FORM = re.compile(r'action="([^"]+)"')
CANCEL = re.compile(r'href="([^"]+/abort)"')


@asynccontextmanager
async def provider(console: str) -> AsyncIterator[str]:
    """Run a provider that knows the console as its client; yield its issuer."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "oidc-provider").exists():
        pytest.fail("Node.js or its packages are missing: make test-all, or npm ci in tests/node")
    way_back = f"{console}/sign-in/oidc/return"
    running = await asyncio.create_subprocess_exec(
        *(node, str(NODE / "oidc-provider.mjs"), CLIENT, SECRET, way_back),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert running.stdout is not None
    try:
        yield (await running.stdout.readline()).decode().strip()
    finally:
        running.kill()
        await running.communicate()


@dataclass
class Browser:
    """Somebody's browser, with cookies of its own; it follows where it is sent."""

    client: httpx.AsyncClient

    async def knocks(self, then: str = "") -> httpx.Response:
        """Go to the provider, and return its form."""
        return await self.client.get("/sign-in/oidc", params={"next": then} if then else None)

    async def signs_in(self, form: httpx.Response, name: str) -> httpx.Response:
        """Type a name at the provider's, agree, and return where one ends."""
        typed = {"prompt": "login", "login": name, "password": "anything"}
        agreeing = await self.client.post(_action(form), data=typed)
        return await self.client.post(_action(agreeing), data={"prompt": "consent"})

    async def cancels(self, form: httpx.Response) -> httpx.Response:
        """Think better of it at the provider's."""
        found = CANCEL.search(form.text)
        assert found is not None, form.text
        return await self.client.get(found[1])


@asynccontextmanager
async def browser(console: str) -> AsyncIterator[Browser]:
    """Open a browser before the door of the console."""
    async with httpx.AsyncClient(
        base_url=console, follow_redirects=True, headers={"Accept": "text/html"}, timeout=30
    ) as client:
        yield Browser(client)


def _action(page: httpx.Response) -> str:
    found = FORM.search(page.text)
    assert found is not None, page.text
    return found[1]
