"""An empty register for each test, and its door."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import httpx
import pytest
from prometheus_client import CollectorRegistry

from deploy.local.postgres import Postgres
from kernel.bell import Bell
from kernel.database import borrowed, open_pool
from kernel.store.migrate import migrate
from kernel.store.ready import is_migrated
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.evaluation.api.routers import routers
from services.evaluation.desk import Desk
from services.evaluation.pages.allowances import ALLOWANCES
from services.evaluation.tenancy import TENANCY
from tests.deploy.conftest import bus, folder, house, provisioned
from tests.evaluation.units import NOW, OPERATOR

__all__ = ["bus", "folder", "house", "provisioned"]

NUMBERS = count(1)


@pytest.fixture
async def pool(server: Postgres) -> AsyncIterator[asyncpg.Pool]:
    schema = f"evaluation_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url())
    await migrate(connection, schema, *TENANCY.migrations)
    await connection.close()
    made = await open_pool(server.url(), schema)
    yield made
    await made.close()


@pytest.fixture
async def connection(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    async with borrowed(pool) as lent:
        yield lent


@pytest.fixture
def bell(pool: asyncpg.Pool) -> Bell:
    """Return what rings when the register has said something."""
    return Bell(pool, "said")


@pytest.fixture
def desk(pool: asyncpg.Pool, bell: Bell) -> Desk:
    return Desk(pool=pool, said=bell, clock=lambda: NOW)


@pytest.fixture
async def door(pool: asyncpg.Pool, desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the register who may do everything."""
    app = create_app(
        title="test",
        routers=routers(desk),
        checks=[is_migrated(pool, TENANCY.migrations)],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(OPERATOR.name): OPERATOR}),
        allowances=ALLOWANCES,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://register",
        headers={"Authorization": f"Bearer {OPERATOR.name}"},
    ) as client:
        yield client
