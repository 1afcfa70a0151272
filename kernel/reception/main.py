"""Reception as every process with doors has it: who comes in, and the pages of accounts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from prometheus_client import CollectorRegistry

from kernel.access.holders import Holders
from kernel.access.passwords import Passwords
from kernel.access.tenancy import TENANCY
from kernel.database import open_pool
from kernel.reception.desk import Desk
from kernel.reception.own_account import own_account_router
from kernel.reception.own_password import own_password_router
from kernel.reception.settings import Settings
from kernel.reception.sign_in import sign_in_router
from kernel.service import Service, Work
from kernel.store.ready import is_migrated
from kernel.store.watch import note_heads
from kernel.web.shell.shell import Pages, Place

PLACES: tuple[Place, ...] = ()


@asynccontextmanager
async def opened(settings: Settings, *, clock: Callable[[], datetime]) -> AsyncIterator[Service]:
    """Open reception for the length of the block; a process runs it beside its services."""
    pool = await open_pool(settings.postgres_url, TENANCY.name)
    try:
        holders = Holders(pool, clock, settings.limits)
        desk = Desk(
            pool=pool,
            clock=clock,
            holders=holders,
            passwords=Passwords(),
            limits=settings.limits,
        )
        yield Service(
            name=TENANCY.name,
            routers=[sign_in_router(desk), own_account_router(desk), own_password_router(desk)],
            checks=[is_migrated(pool, TENANCY.migrations)],
            registry=CollectorRegistry(),
            lookup=holders.lookup,
            work=_work(settings, desk),
            pages=Pages(name="reception", package="kernel.reception", places=PLACES),
        )
    finally:
        await pool.close()


def _work(settings: Settings, desk: Desk) -> list[Work]:
    if settings.heads is None:
        return []
    return [partial(note_heads, desk.pool, settings.heads, TENANCY.name, desk.clock)]
