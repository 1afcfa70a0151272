"""A real PostgreSQL for all tests of the session, and an empty record for each."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from deploy.local.postgres import Postgres, postgres
from kernel.store.migrate import migrate

NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    try:
        with postgres(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture
async def record(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection to a service's empty schema."""
    schema = f"service_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    await migrate(connection, schema, "kernel.store.migrations")
    yield connection
    await connection.close()
