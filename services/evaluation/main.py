"""Evaluation as a process: its doors and its relay."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial

from prometheus_client import CollectorRegistry

from kernel.bell import Bell
from kernel.database import open_pool
from kernel.reception.main import opened as reception
from kernel.relay.metrics import RelayMetrics
from kernel.service import Service
from kernel.service import run as run_services
from kernel.store.acts import Ledger
from kernel.store.ready import is_migrated
from services.evaluation.api.routers import routers
from services.evaluation.deeds import DEEDS
from services.evaluation.desk import Desk
from services.evaluation.pages.allowances import ALLOWANCES
from services.evaluation.pages.routers import PAGES, page_routers
from services.evaluation.reading.unregistered import unregistered
from services.evaluation.relaying import Relaying
from services.evaluation.settings import Settings
from services.evaluation.tenancy import TENANCY


@asynccontextmanager
async def opened(
    settings: Settings, *, clock: Callable[[], datetime], holder: str
) -> AsyncIterator[Service]:
    """Open the service for the length of the block.

    `holder` names this process, and no other ever again.
    """
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.postgres_url, TENANCY.name)
        stack.push_async_callback(pool.close)
        said = await stack.enter_async_context(Bell(pool, f"{TENANCY.name}.said").hung())
        registry = CollectorRegistry()
        desk = Desk(pool=pool, said=said, clock=clock)
        relaying = Relaying(
            pool,
            said,
            nats_url=settings.nats_url,
            holder=holder,
            metrics=RelayMetrics.on(registry),
        )
        yield Service(
            name=TENANCY.name,
            routers=[*routers(desk), *page_routers(desk)],
            checks=[is_migrated(pool, TENANCY.migrations), relaying.problems],
            registry=registry,
            work=[relaying.run],
            pages=PAGES,
            ledger=Ledger(name=TENANCY.name, title="单位名册", pool=pool, words=DEEDS),
            register=partial(unregistered, pool),
            allowances=ALLOWANCES,
        )


async def run(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    holder: str,
    ready: Callable[[int], None],
) -> None:
    """Serve and relay until cancelled; `ready` is told the port listened on."""
    async with (
        opened(settings, clock=clock, holder=holder) as service,
        reception(settings.access, clock=clock) as doors,
    ):
        await run_services(
            [service, doors],
            title="效能·单位名册",
            host=settings.host,
            port=settings.port,
            ready=ready,
            public_url=settings.public_url,
        )
