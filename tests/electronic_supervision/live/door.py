"""The HTTP door of electronic supervision, in the process of the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import httpx
from prometheus_client import CollectorRegistry

from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.database import open_pool
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.electronic_supervision.api.emit import emit_router
from services.electronic_supervision.api.try_out import try_router
from services.electronic_supervision.doors.partner_metrics import PartnerMetrics
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.reading.desk import Desk
from tests.electronic_supervision.live.conftest import OFFICE, Supervision
from tests.electronic_supervision.live.said import APPROVALS

TOKENS = {
    "approvals": Principal(
        name=APPROVALS.name, grants=(Grant(role=Role.PUBLISHER),), source=APPROVALS.source
    ),
    "office": Principal(name="operator", grants=(Grant(role=Role.OFFICE),)),
    "leader": Principal(name="leader", grants=(Grant(role=Role.LEADER),)),
    "reader": Principal(
        name="reader", grants=(Grant(role=Role.SUBSCRIBER),), subscribes=("supervision.all",)
    ),
}
HOLDERS = {digest_of(token): principal for token, principal in TOKENS.items()}
ONE = {"Content-Type": "application/cloudevents+json"}
MANY = {"Content-Type": "application/cloudevents-batch+json"}


@dataclass
class Door:
    """The door, and the hands of its clock."""

    client: httpx.AsyncClient
    registry: CollectorRegistry
    desk: Desk
    now: datetime

    async def post(
        self, path: str, body: bytes, kind: dict[str, str] = ONE, *, who: str = "approvals"
    ) -> httpx.Response:
        headers = kind | {"Authorization": f"Bearer {who}"}
        return await self.client.post(path, content=body, headers=headers)


@asynccontextmanager
async def door(supervision: Supervision, now: datetime) -> AsyncIterator[Door]:
    """Open the door at an instant, for the length of the block."""
    pool = await open_pool(supervision.url, supervision.settings["search_path"])
    opened: list[Door] = []

    async def clock(_: asyncpg.Connection) -> datetime:
        return opened[0].now

    desk = Desk(
        pool=pool,
        court=Court(law=stated_law(OFFICE), settle={}),
        facts=Bell(pool, "facts"),
        clock=lambda: opened[0].now,
        now=clock,
    )
    registry = CollectorRegistry()
    app = create_app(
        title="door",
        routers=[emit_router(desk, PartnerMetrics(registry)), try_router(desk)],
        checks=[],
        registry=CollectorRegistry(),
        others=[registry],
        keyring=Keyring.of(HOLDERS),
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        opened.append(Door(client=client, registry=registry, desk=desk, now=now))
        yield opened[0]
    await pool.close()
