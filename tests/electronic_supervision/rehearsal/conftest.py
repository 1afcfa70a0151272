"""A record of its own for each test, of cases that begin on the same morning."""

from collections.abc import AsyncIterator, Iterable
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.store.migrate import migrate
from services.electronic_supervision.doors.systems import admit
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.tenancy import TENANCY
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import APPROVALS, Said, accepted, decided

NUMBERS = count(1)
BEGIN, HEARD = "2026-03-02 10:00", "2026-04-01 00:00"


@pytest.fixture
async def supervision(server: Postgres) -> AsyncIterator[Supervision]:
    schema = f"rehearsal_{next(NUMBERS)}"
    settings = {"search_path": schema}
    connection = await asyncpg.connect(server.url(), server_settings=settings)
    await migrate(connection, schema, *TENANCY.migrations)
    await admit(connection, APPROVALS)
    yield Supervision(connection=connection, settings=settings, url=server.url())
    await connection.close()


@pytest.fixture
def place(supervision: Supervision) -> Place:
    return Place(supervision.url, supervision.settings["search_path"])


def cases(number: int) -> Iterable[Said]:
    """Tell of cases that are decided after 3, 4, 5, … working days, the limit being five."""
    for n in range(number):
        case = f"办件{n}"
        yield accepted(BEGIN, case, unit=f"unit-{n % 3}")
        yield decided(f"2026-03-{5 + n % 15:02} 10:00", case, unit=f"unit-{n % 3}")
