"""An empty record for each test."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.store.migrate import migrate

NUMBERS = count(1)


@pytest.fixture
async def record(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection to a service's empty schema."""
    schema = f"service_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    await migrate(connection, schema, "kernel.store.migrations")
    yield connection
    await connection.close()
