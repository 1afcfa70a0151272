"""The catalogue of a small town behind real doors, for browsers and for plain requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import asyncpg
from prometheus_client import CollectorRegistry

from deploy.local.postgres import Postgres
from kernel.database import open_pool
from kernel.store.migrate import migrate
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from kernel.web.serve import serve
from services.electronic_supervision.api.catalogue import catalogue_router
from services.electronic_supervision.api.catalogue_documents import catalogue_documents_router
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.keep import carry_out
from services.electronic_supervision.domain.catalogue.item_content import Arrangement, Nature
from services.electronic_supervision.pages.catalogue.page import catalogue_routers
from services.electronic_supervision.pages.routers import pages
from services.electronic_supervision.tenancy import TENANCY
from tests.console.register_town import TOKENS
from tests.electronic_supervision.domain.catalogue.items import (
    ALIAS,
    PERMIT,
    PUBLISHING,
    REVISING,
    WITHDRAWING,
    calendar,
    working,
)

NOW = datetime(2012, 3, 2, 1, tzinfo=UTC)
NUMBERS = count(1)
UNIT = "insert into unit_told (code, name) values ('WHZJW', '芜湖市住房和城乡建设委员会')"
COMMANDS = (
    replace(PUBLISHING, aliases=(ALIAS,)),
    REVISING,
    replace(
        PUBLISHING,
        code="FGW-002",
        content=replace(
            PERMIT,
            name="企业投资项目核准",
            promised=calendar(15),
            green_card=None,
            arrangement=Arrangement.HANDED_DOWN,
            handed_to="WHX",
        ),
    ),
    replace(
        PUBLISHING,
        code="WSJ-001",
        content=replace(
            PERMIT, unit="WHWSJ", name="公共场所卫生检查", nature=Nature.INSPECTION, fee=None
        ),
        effective_from=PUBLISHING.said_on,
        said_on=PUBLISHING.effective_from,
        reason="补录",
    ),
    replace(PUBLISHING, code="WSJ-002", content=replace(PERMIT, promised=working(15))),
    replace(WITHDRAWING, code="WSJ-002", effective_from=PUBLISHING.effective_from),
)


@asynccontextmanager
async def town(server: Postgres) -> AsyncIterator[str]:
    """Serve a catalogue with a few items; gives the address of its doors."""
    schema = f"catalogue_pages_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    await migrate(connection, schema, *TENANCY.migrations)
    await connection.execute(UNIT)
    for command in COMMANDS:
        who = {"by": "王效能", "role": "office", "unit": ""}
        await carry_out(connection, command, now=NOW, acting=who)
    await connection.close()
    pool = await open_pool(server.url(), schema)
    desk = CatalogueDesk(pool=pool, clock=lambda: NOW)
    app = create_app(
        title="test",
        routers=[
            catalogue_router(desk),
            catalogue_documents_router(desk),
            *catalogue_routers(desk),
        ],
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(token): holder for token, holder in TOKENS.items()}),
        pages=[pages("")],
    )
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=listening.set_result))
    try:
        yield f"http://127.0.0.1:{await listening}"
    finally:
        serving.cancel()
        await asyncio.wait([serving])
        await pool.close()
