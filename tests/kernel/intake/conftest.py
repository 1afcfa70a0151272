"""A provisioned town for each test that needs a bus."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from deploy.provision.roles import role_of, url_for
from deploy.tenancies import TENANCIES
from kernel.database import open_pool
from services.electronic_supervision.tenancy import TENANCY
from tests.deploy.conftest import PASSWORDS
from tests.kernel.intake.town import Bus, Hearing, Town, provision_town

NUMBERS = count(1)


@pytest.fixture
async def bus() -> AsyncIterator[Bus]:
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    made = Bus(folder)
    made.start()
    yield made
    await made.stop()
    shutil.rmtree(folder)


@pytest.fixture
async def town(server: Postgres, bus: Bus) -> AsyncIterator[Town]:
    name = f"town_{next(NUMBERS)}"
    administrator = await asyncpg.connect(server.url())
    await administrator.execute(f"create database {name}")
    await provision_town(server.url(name), bus)
    url = url_for(server.url(name), role_of(TENANCY), PASSWORDS[TENANCY.name])
    pool = await open_pool(url, TENANCY.name)
    async with AsyncExitStack() as clients:
        yield Town(server.url(name), bus, pool, clients)
    await pool.close()
    await administrator.execute(f"drop database {name} with (force)")
    for tenancy in TENANCIES:
        await administrator.execute(f"drop role if exists {role_of(tenancy)}")
    await administrator.close()


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()
