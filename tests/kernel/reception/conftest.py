"""A house with a reception and one place to see, for each test."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.access.tenancy import TENANCY
from kernel.store.migrate import migrate
from tests.kernel.reception.house import House, opened

NUMBERS = count(1)


@pytest.fixture
async def database(server: Postgres) -> AsyncIterator[str]:
    """Return an administrator's URL of a database with an empty record of access."""
    name = f"reception_{next(NUMBERS)}"
    administrator = await asyncpg.connect(server.url())
    await administrator.execute(f"create database {name}")
    connection = await asyncpg.connect(server.url(name))
    await migrate(connection, TENANCY.name, *TENANCY.migrations)
    await connection.close()
    yield server.url(name)
    await administrator.execute(f"drop database {name} with (force)")
    await administrator.close()


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    async with opened(database) as made:
        yield made


@pytest.fixture
async def branch(database: str, house: House) -> AsyncIterator[House]:
    """Return another process of the same city, by the same clock."""
    async with opened(database) as made:
        made.clock = house.clock
        yield made
