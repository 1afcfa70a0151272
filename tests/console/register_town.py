"""The register of a small town behind real doors, for browsers and for plain requests."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import count

import asyncpg
import httpx
from playwright.async_api import Browser, Page
from prometheus_client import CollectorRegistry

from deploy.local.postgres import Postgres, postgres
from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.database import open_pool
from kernel.store.migrate import migrate
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from kernel.web.browser import COOKIE
from kernel.web.serve import serve
from services.evaluation.api.routers import routers
from services.evaluation.desk import Desk
from services.evaluation.pages.allowances import ALLOWANCES
from services.evaluation.pages.routers import PAGES, page_routers
from services.evaluation.tenancy import TENANCY
from tests.evaluation.document.books import TOWN, YAML
from tests.system.conftest import passable

NOW = datetime(2012, 3, 2, 1, tzinfo=UTC)
"""A Friday morning in Wuhu, on which one official is away."""
NUMBERS = count(1)
KEEPER = Principal(name="王效能", grants=(Grant(role=Role.OFFICE),))
LEADER = Principal(name="李领导", grants=(Grant(role=Role.LEADER),))
TOKENS = {"keeper": KEEPER, "leader": LEADER}


@contextmanager
def database() -> Iterator[Postgres]:
    """Run a PostgreSQL of its own for the length of the block."""
    with passable() as folder, postgres(folder) as running:
        yield running


@asynccontextmanager
async def town(server: Postgres) -> AsyncIterator[str]:
    """Serve a register with a few entries; gives the address of its doors."""
    schema = f"evaluation_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url())
    await migrate(connection, schema, *TENANCY.migrations)
    await connection.close()
    pool = await open_pool(server.url(), schema)
    desk = Desk(pool=pool, said=Bell(pool, "said"), clock=lambda: NOW)
    app = create_app(
        title="test",
        routers=[*routers(desk), *page_routers(desk)],
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(token): holder for token, holder in TOKENS.items()}),
        pages=[PAGES],
        allowances=ALLOWANCES,
    )
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=listening.set_result))
    try:
        address = f"http://127.0.0.1:{await listening}"
        await _settle(address)
        yield address
    finally:
        serving.cancel()
        await asyncio.wait([serving])
        await pool.close()


def headers(token: str) -> Mapping[str, str]:
    """Return what a program sends that holds a token."""
    return {"Authorization": f"Bearer {token}"}


def client(address: str, who: str = "keeper") -> httpx.AsyncClient:
    """Return a client that asks as a browser does."""
    asked = {"Accept": "text/html", **headers(who)}
    return httpx.AsyncClient(base_url=address, headers=asked, timeout=30)


@asynccontextmanager
async def visit(browser: Browser, address: str, who: str = "keeper") -> AsyncIterator[Page]:
    """Open a tab; whatever goes wrong in its scripts, or breaks its policy, fails."""
    context = await browser.new_context(
        base_url=address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1366, "height": 768},
    )
    await context.add_cookies([{"name": COOKIE, "value": who, "url": address}])
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


async def _settle(address: str) -> None:
    """Import the town, and send one of its officials away for some days."""
    content = TOWN.encode()
    async with httpx.AsyncClient(base_url=address, headers=headers("keeper")) as door:
        kind = {"Content-Type": YAML}
        told = await door.post("/register/preview", content=content, headers=kind)
        digest = {"digest": told.json()["digest"]}
        answer = await door.post("/register/import", params=digest, content=content, headers=kind)
        assert answer.status_code == 200, answer.text
        away = {"place": "A", "first_day": "2012-03-01", "last_day": "2012-03-05"}
        answer = await door.post("/posts/WHZJW-SP-01/away", json=away)
        assert answer.status_code == 200, answer.text
