"""An empty electronic supervision for each test, and a connector to drop files for."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.database import open_pool
from kernel.store.migrate import migrate
from services.electronic_supervision.doors.systems import admit
from services.electronic_supervision.tenancy import TENANCY
from tests.electronic_supervision.connect.site import PERMITS, Site

NUMBERS = count(1)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
async def site(server: Postgres, folder: Path) -> AsyncIterator[Site]:
    schema = f"connect_{next(NUMBERS)}"
    connection = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    await migrate(connection, schema, *TENANCY.migrations)
    await admit(connection, PERMITS)
    pool = await open_pool(server.url(), schema)
    made = Site(pool=pool, connection=connection, folder=folder, url=server.url(), schema=schema)
    await made.connect()
    yield made
    await pool.close()
    await connection.close()
