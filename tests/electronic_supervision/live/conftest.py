"""An empty electronic supervision for each test, whose doors and loop run at any instant."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

import asyncpg
import pytest

from contracts.streams import CITY
from deploy.local.postgres import Postgres
from kernel.intake.heard import Message
from kernel.lease import Lease, acquire
from kernel.store.migrate import migrate
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.engine import Event
from services.electronic_supervision.domain.time.notice import extend
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors import bus
from services.electronic_supervision.doors.systems import admit, settles
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.law import take_up
from services.electronic_supervision.loop.step import Stepped, step
from services.electronic_supervision.loop.tables import wake_stale
from services.electronic_supervision.loop.worker import PARTITIONS
from services.electronic_supervision.tenancy import TENANCY
from tests.electronic_supervision.domain.time.test_calendar import NOTICE_FOR_2027
from tests.electronic_supervision.live.said import APPROVALS, WUHU, Said, local, raw, subject

NUMBERS = count(1)
OFFICE = Office(calendar=published_calendar(), zone=WUHU)
MARK = """
insert into checkpoint (stream, heard_through) values ($1, $2)
on conflict (stream) do update set heard_through = excluded.heard_through
"""
STANDING = """
select d.number, j.clock, j.level from judgement j join docket d on d.id = j.docket
where stands order by d.number, j.clock, j.fired_at
"""


@dataclass
class Supervision:
    """Electronic supervision with the hands of its clock in the hands of the test."""

    connection: asyncpg.Connection
    settings: dict[str, str]
    url: str
    office: Office = OFFICE
    leases: dict[int, Lease] = field(default_factory=dict)

    async def hears(self, *told: Said, at: str) -> dict[str, int]:
        """Let the bus bring events at a local time."""
        messages = [
            Message(
                stream=CITY, subject=subject(each), data=raw(each), number=number, sent_at=local(at)
            )
            for number, each in enumerate(told, 1)
        ]
        return dict(await bus.take(self.connection, messages, local(at)))

    async def until(self, at: str) -> list[Event]:
        """Say that everything said until a local time is in, and let the loop run dry."""
        await self.connection.execute(MARK, CITY, local(at))
        told: list[Event] = []
        for number in range(PARTITIONS):
            while (done := await self.step(number, local(at))) != Stepped():
                told += done.events
        return told

    async def step(self, number: int, now: datetime) -> Stepped:
        if number not in self.leases:
            lease = await acquire(self.connection, f"loop-{number}", "test")
            assert lease is not None
            self.leases[number] = lease
        settle = await settles(self.connection)
        court = Court(law=stated_law(self.office), settle=settle)
        await take_up(self.connection, court)
        bench = Bench(court=court, streams=(CITY,), source=TENANCY.source)
        return await step(self.connection, number, self.leases[number], bench, now)

    async def publish_notice(self) -> None:
        """Let the notice for 2027 come out, as a worker hears of it when it starts anew."""
        calendar = extend(self.office.calendar, NOTICE_FOR_2027)
        self.office = replace(self.office, calendar=calendar)
        for number in range(PARTITIONS):
            await wake_stale(self.connection, number, calendar.version)

    async def standing(self) -> list[tuple[str, str, str]]:
        """Return the judgements that stand: number of the case, clock, level."""
        return [tuple(row) for row in await self.connection.fetch(STANDING)]

    async def levels(self, case: str = "办件1") -> list[str]:
        return [level for number, _, level in await self.standing() if number == case]


@pytest.fixture
async def supervision(server: Postgres) -> AsyncIterator[Supervision]:
    schema = f"supervision_{next(NUMBERS)}"
    settings = {"search_path": schema}
    connection = await asyncpg.connect(server.url(), server_settings=settings)
    await migrate(connection, schema, *TENANCY.migrations)
    await admit(connection, APPROVALS)
    yield Supervision(connection=connection, settings=settings, url=server.url())
    await connection.close()
