"""The rules of a small town behind real doors, as a release has brought them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

import asyncpg
from prometheus_client import CollectorRegistry

from deploy.local.postgres import Postgres
from kernel.database import open_pool
from kernel.lease import Lease, acquire
from kernel.store.migrate import migrate
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from kernel.web.serve import serve
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.routers import pages
from services.electronic_supervision.pages.rules.desk import RulesDesk
from services.electronic_supervision.pages.rules.page import rules_routers
from services.electronic_supervision.rehearsal.keep import LEASE
from services.electronic_supervision.rules.keep import bring_shipped
from services.electronic_supervision.tenancy import TENANCY
from tests.console.register_town import TOKENS
from tests.electronic_supervision.live.said import WUHU

NUMBERS = count(1)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
OFFICE = Office(calendar=published_calendar(), zone=WUHU)


@asynccontextmanager
async def town(server: Postgres) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    """Serve the rules; gives the address of the doors and a connection to the record."""
    schema = f"rules_pages_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    await migrate(connection, schema, *TENANCY.migrations)
    await bring_shipped(connection, NOW, OFFICE.local_date(NOW))
    pool = await open_pool(server.url(), schema)
    app = create_app(
        title="test",
        routers=rules_routers(RulesDesk(pool=pool, clock=lambda: NOW, office=OFFICE)),
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(token): holder for token, holder in TOKENS.items()}),
        pages=[pages("")],
    )
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=listening.set_result))
    try:
        yield f"http://127.0.0.1:{await listening}", connection
    finally:
        serving.cancel()
        await asyncio.wait([serving])
        await pool.close()
        await connection.close()


async def leased(connection: asyncpg.Connection) -> Lease:
    """Return the lease of the process that rehearses."""
    lease = await acquire(connection, LEASE, "test")
    assert lease is not None
    return lease
