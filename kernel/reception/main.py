"""Reception as every process with doors has it: who comes in, and the pages of accounts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from fastapi import APIRouter
from prometheus_client import CollectorRegistry

from kernel.access.holders import Holders
from kernel.access.passwords import Passwords
from kernel.access.policy import Right
from kernel.access.tenancy import TENANCY
from kernel.database import open_pool
from kernel.reception.account_page import account_router
from kernel.reception.accounts_page import PATH as ACCOUNTS
from kernel.reception.accounts_page import accounts_router
from kernel.reception.audit.deeds import DEEDS
from kernel.reception.audit.page import PATH as AUDIT
from kernel.reception.audit.page import audit_router
from kernel.reception.desk import Desk
from kernel.reception.elsewhere import elsewhere_router
from kernel.reception.own_account import own_account_router
from kernel.reception.own_password import own_password_router
from kernel.reception.settings import Settings
from kernel.reception.sign_in import sign_in_router
from kernel.reception.tokens_page import PATH as TOKENS
from kernel.reception.tokens_page import tokens_router
from kernel.service import Service, Work
from kernel.store.acts import Ledger
from kernel.store.ready import is_migrated
from kernel.store.watch import note_heads
from kernel.web.shell.shell import Pages, Place

PLACES = (
    Place(ACCOUNTS, "账号管理", Right.KEEP_ACCOUNTS),
    Place(TOKENS, "访问令牌", Right.KEEP_ACCOUNTS),
    Place(AUDIT, "操作审计", Right.SEE_AUDIT),
)


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
            elsewhere="" if settings.provider is None else settings.provider.title,
        )
        yield Service(
            name=TENANCY.name,
            routers=_routers(settings, desk),
            checks=[is_migrated(pool, TENANCY.migrations)],
            registry=CollectorRegistry(),
            lookup=holders.lookup,
            work=_work(settings, desk),
            ledger=Ledger(name=TENANCY.name, title="账号与登录", pool=pool, words=DEEDS),
            pages=Pages(name="reception", package="kernel.reception", places=PLACES),
        )
    finally:
        await pool.close()


def _routers(settings: Settings, desk: Desk) -> list[APIRouter]:
    elsewhere = [] if settings.provider is None else [elsewhere_router(desk, settings.provider)]
    return [
        sign_in_router(desk),
        *elsewhere,
        own_account_router(desk),
        own_password_router(desk),
        accounts_router(desk),
        account_router(desk),
        tokens_router(desk),
        audit_router(desk.pool, desk.clock),
    ]


def _work(settings: Settings, desk: Desk) -> list[Work]:
    if settings.heads is None:
        return []
    return [partial(note_heads, desk.pool, settings.heads, TENANCY.name, desk.clock)]
