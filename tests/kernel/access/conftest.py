"""An empty record of access for each test."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.access.tenancy import TENANCY
from kernel.database import borrowed, open_pool
from kernel.store.migrate import migrate

NUMBERS = count(1)


@pytest.fixture
async def pool(server: Postgres) -> AsyncIterator[asyncpg.Pool]:
    schema = f"keeper_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url())
    await migrate(connection, schema, *TENANCY.migrations)
    await connection.close()
    made = await open_pool(server.url(), schema)
    yield made
    await made.close()


@pytest.fixture
async def access(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    async with borrowed(pool) as lent:
        yield lent
