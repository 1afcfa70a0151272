"""The registers of a small city behind real doors, for browsers and for plain requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import asyncpg
import httpx
from prometheus_client import CollectorRegistry

from deploy.local.postgres import Postgres
from kernel.access.policy import Right
from kernel.database import open_pool
from kernel.store.migrate import migrate
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from kernel.web.serve import serve
from kernel.web.shell.shell import Pages, Place
from services.electronic_supervision.api.registers import registers_router
from services.electronic_supervision.pages.registers import page
from services.electronic_supervision.registers.clerk import Clerk
from services.electronic_supervision.tenancy import TENANCY
from tests.console.register_town import TOKENS, headers
from tests.electronic_supervision.registers.papers import NOW, city

NUMBERS = count(1)
PAGES = Pages(
    name="supervision",
    package="services.electronic_supervision.pages",
    places=(Place(page.PATH, "监察依据", Right.SEE_CATALOGUE),),
)
UNITS = [("WHAJJ", "芜湖市安全生产监督管理局"), ("WHSGJ", "芜湖市工商行政管理局")]


@asynccontextmanager
async def registers(server: Postgres) -> AsyncIterator[str]:
    """Serve registers with a few entries; gives the address of their doors."""
    schema = f"registers_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url())
    await migrate(connection, schema, *TENANCY.migrations)
    await connection.close()
    pool = await open_pool(server.url(), schema)
    await pool.executemany("insert into unit_told (code, name) values ($1, $2)", UNITS)
    clerk = Clerk(pool=pool, clock=lambda: NOW)
    app = create_app(
        title="test",
        routers=[registers_router(clerk), *page.registers_pages(clerk)],
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(token): holder for token, holder in TOKENS.items()}),
        pages=[PAGES],
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


async def _settle(address: str) -> None:
    content = city()
    async with httpx.AsyncClient(base_url=address, headers=headers("keeper")) as door:
        kind = {"Content-Type": "application/yaml"}
        told = await door.post("/registers/preview", content=content, headers=kind)
        digest = {"digest": told.json()["digest"]}
        answer = await door.post("/registers/import", params=digest, content=content, headers=kind)
        assert answer.status_code == 200, answer.text
