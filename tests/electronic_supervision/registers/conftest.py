"""Empty registers for each test."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.database import borrowed, open_pool
from kernel.store.migrate import migrate
from services.electronic_supervision.tenancy import TENANCY

NUMBERS = count(1)


@pytest.fixture
async def pool(server: Postgres) -> AsyncIterator[asyncpg.Pool]:
    schema = f"registers_{next(NUMBERS)}"
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
