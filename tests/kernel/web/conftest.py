"""A press for an empty record."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from tests.kernel.web.newspaper import Press, press


@pytest.fixture
async def printing(server: Postgres, record: asyncpg.Connection) -> AsyncIterator[Press]:
    async with press(server.url(), await record.fetchval("select current_schema()")) as printing:
        yield printing
