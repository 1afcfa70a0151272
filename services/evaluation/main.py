"""Evaluation as a process: its door and its relay."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

import asyncpg
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from kernel.bell import Bell
from kernel.database import open_pool
from kernel.readiness import Check
from kernel.relay.metrics import RelayMetrics
from kernel.store.ready import is_migrated
from kernel.web.access import Keyring, Principal, digest_of
from kernel.web.app import create_app
from kernel.web.serve import serve
from services.evaluation.api import Door
from services.evaluation.relaying import Relaying
from services.evaluation.settings import Settings
from services.evaluation.tenancy import TENANCY

OPERATOR = Principal(name="operator", may=frozenset({"read", "operate"}))


def build(
    pool: asyncpg.Pool,
    bell: Bell,
    *,
    clock: Callable[[], datetime],
    operator_token: str,
    registry: CollectorRegistry,
    checks: Sequence[Check] = (),
) -> FastAPI:
    """Build the web application on a pool of the service's schema; `bell` rings when it spoke."""
    return create_app(
        title="效能·单位名册",
        routers=[Door(pool, bell, clock).router()],
        checks=[is_migrated(pool, TENANCY.migrations), *checks],
        registry=registry,
        keyring=Keyring.of({digest_of(operator_token): OPERATOR}),
    )


async def run(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    holder: str,
    ready: Callable[[int], None],
) -> None:
    """Serve and relay until cancelled.

    `holder` names this process, and no other ever again. `ready` is told the port listened on.
    """
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.postgres_url, TENANCY.name)
        stack.push_async_callback(pool.close)
        said = await stack.enter_async_context(Bell(pool, f"{TENANCY.name}.said").hung())
        registry = CollectorRegistry()
        relaying = Relaying(
            pool,
            said,
            nats_url=settings.nats_url,
            holder=holder,
            metrics=RelayMetrics.on(registry),
        )
        app = build(
            pool,
            said,
            clock=clock,
            operator_token=settings.operator_token,
            registry=registry,
            checks=[relaying.problems],
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(relaying.run())
            group.create_task(serve(app, settings.host, settings.port, ready=ready))
