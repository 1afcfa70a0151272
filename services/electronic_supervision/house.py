"""What the parts of one process share."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg
from prometheus_client import CollectorRegistry

from kernel.bell import Bell
from kernel.database import instant, open_pool
from kernel.readiness import Check
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.connect.config_file import load_connectors
from services.electronic_supervision.connect.connector import Connector
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.doors.partner_metrics import PartnerMetrics
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.settings import Part, Settings
from services.electronic_supervision.tenancy import TENANCY

ZONE = ZoneInfo("Asia/Shanghai")
CONNECTIONS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The record and its bells.

    `facts` have come in, all is in to a `mark`, cases were `judged`, something was `said`.

    `holder` names this process, and no other ever again.
    """

    settings: Settings
    pool: asyncpg.Pool
    clock: Callable[[], datetime]
    holder: str
    registry: CollectorRegistry
    court: Court
    facts: Bell
    marks: Bell
    judged: Bell
    said: Bell
    partners: PartnerMetrics
    connectors: Sequence[Connector] = ()
    checks: dict[Part, Check] = field(default_factory=dict)
    """What each part tells of its readiness, once it has begun to work."""

    async def now(self, connection: asyncpg.Connection) -> datetime:
        """Return the time by which facts are noted, which must be that of the marks.

        By a clock of its own, a process could note a fact of a backlog as older than the mark, and
        it would be judged before the rest of the backlog was in.
        """
        return await instant(connection) + self.settings.shift


def _connectors(settings: Settings) -> Sequence[Connector]:
    if settings.connectors is None or Part.CONNECT not in settings.parts:
        return ()
    return load_connectors(settings.connectors)


@asynccontextmanager
async def house(
    settings: Settings, clock: Callable[[], datetime], holder: str
) -> AsyncIterator[House]:
    """Open what the parts share for the length of the block. Raises BadConnectorsError."""
    connectors = _connectors(settings)
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.postgres_url, TENANCY.name, size=CONNECTIONS)
        stack.push_async_callback(pool.close)
        bells = [
            Bell(pool, f"{TENANCY.name}.{name}") for name in ("fact", "mark", "judged", "said")
        ]
        facts, marks, judged, said = [
            await stack.enter_async_context(bell.hung()) for bell in bells
        ]
        registry = CollectorRegistry()
        office = Office(calendar=published_calendar(), zone=ZONE)
        yield House(
            settings=settings,
            pool=pool,
            clock=lambda: clock() + settings.shift,
            holder=holder,
            registry=registry,
            court=Court(law=stated_law(office), settle={}),
            facts=facts,
            marks=marks,
            judged=judged,
            said=said,
            connectors=connectors,
            partners=PartnerMetrics(registry),
        )
