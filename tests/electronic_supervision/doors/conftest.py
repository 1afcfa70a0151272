"""An empty electronic supervision for each test, whose door to the bus takes any message."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.store.migrate import migrate
from services.electronic_supervision.doors.systems import admit
from services.electronic_supervision.tenancy import TENANCY
from tests.electronic_supervision.doors.desk import Desk
from tests.electronic_supervision.live.said import APPROVALS

NUMBERS = count(1)


@pytest.fixture
async def desk(server: Postgres) -> AsyncIterator[Desk]:
    schema = f"doors_{next(NUMBERS)}"
    settings = {"search_path": schema}
    connection = await asyncpg.connect(server.url(), server_settings=settings)
    await migrate(connection, schema, *TENANCY.migrations)
    await admit(connection, APPROVALS)
    yield Desk(connection=connection, settings=settings, url=server.url())
    await connection.close()
