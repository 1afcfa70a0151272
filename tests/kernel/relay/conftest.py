"""A service hall with an empty record, and a bus of its own with a stream for what it says."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.database import open_pool
from tests.kernel.relay.carrier import Carrier, admin_of, hall_of
from tests.kernel.relay.house import House


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    running = Carrier(folder)
    running.start()
    yield running
    await running.stop()
    shutil.rmtree(folder)


@pytest.fixture
def jetstream(carrier: Carrier) -> Path:
    """Return the folder in which the bus keeps its streams."""
    return carrier.folder / "jetstream"


@pytest.fixture
async def house(
    server: Postgres, record: asyncpg.Connection, carrier: Carrier
) -> AsyncIterator[House]:
    schema = await record.fetchval("select current_schema()")
    pool = await open_pool(server.url(), schema)
    bus, admin = await hall_of(carrier), await admin_of(carrier)
    made = House(record=record, pool=pool, carrier=carrier, bus=bus, admin=admin)
    await made.provision()
    yield made
    await bus.close()
    await admin.close()
    await pool.close()
