"""A service as the process that runs it sees it: doors, health and work, alone or beside others."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from kernel.access.principal import Principal
from kernel.access.register import Register
from kernel.readiness import Check
from kernel.store.acts import Ledger
from kernel.web.access import Keyring, Lookup
from kernel.web.allowance import Allowances
from kernel.web.app import create_app
from kernel.web.serve import serve
from kernel.web.shell.shell import Pages

Work = Callable[[], Coroutine[Any, Any, None]]
"""Something that is done until it is cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a service brings along; `lookup`, if it has one, knows who holds its tokens.

    `ledger` is its record as auditors read it; `register`, if it has one, knows the units of the
    city; `allowances` are for routes that take documents.
    """

    name: str
    routers: Sequence[APIRouter]
    checks: Sequence[Check]
    registry: CollectorRegistry
    work: Sequence[Work]
    lookup: Lookup | None = None
    pages: Pages | None = None
    ledger: Ledger | None = None
    register: Register | None = None
    allowances: Allowances = field(default_factory=dict)


def application(services: Sequence[Service], *, title: str, public_url: str = "") -> FastAPI:
    """Build one web application for all that services bring along."""
    app = create_app(
        title=title,
        routers=[router for service in services for router in service.routers],
        checks=[check for service in services for check in service.checks],
        registry=CollectorRegistry(),
        others=[service.registry for service in services],
        public_url=public_url,
        allowances={
            path: allowed for service in services for path, allowed in service.allowances.items()
        },
        pages=[service.pages for service in services if service.pages is not None],
        keyring=Keyring(_any_of([each.lookup for each in services if each.lookup is not None])),
    )
    app.state.ledgers = [each.ledger for each in services if each.ledger is not None]
    app.state.registers = [each.register for each in services if each.register is not None]
    return app


async def run(
    services: Sequence[Service],
    *,
    title: str,
    host: str,
    port: int,
    ready: Callable[[int], None],
    public_url: str = "",
) -> None:
    """Serve services on one port and do their work until cancelled.

    Every process answers /livez, /readyz and /metrics. `ready` is told the port listened on.
    `public_url` is where browsers reach us through a proxy.
    """
    app = application(services, title=title, public_url=public_url)
    async with asyncio.TaskGroup() as group:
        for service in services:
            for work in service.work:
                group.create_task(work())
        group.create_task(serve(app, host, port, ready=ready))


def _any_of(lookups: Sequence[Lookup]) -> Lookup:
    async def lookup(digest: bytes) -> Principal | None:
        for each in lookups:
            if (found := await each(digest)) is not None:
                return found
        return None

    return lookup
