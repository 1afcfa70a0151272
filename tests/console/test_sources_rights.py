"""Who may look may not act: every route of a page that changes something needs its own right."""

from datetime import UTC, datetime

import asyncpg
import httpx
from prometheus_client import CollectorRegistry

from deploy.local.postgres import Postgres
from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.database import instant
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.pages.routers import pages
from services.electronic_supervision.pages.sources.quarantine import quarantine_router
from services.electronic_supervision.reading.desk import Desk
from tests.electronic_supervision.live.said import WUHU

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
AUDITOR = Principal(name="reader", grants=(Grant(role=Role.AUDITOR),))
READER = Keyring.of({digest_of("reader"): AUDITOR})


async def test_who_may_only_look_settles_no_message(server: Postgres) -> None:
    async with asyncpg.create_pool(server.url(), min_size=0) as pool:
        office = Office(calendar=published_calendar(), zone=WUHU)
        desk = Desk(
            pool=pool,
            court=Court(law=stated_law(office), settle={}),
            facts=Bell(pool, "facts"),
            clock=lambda: NOW,
            now=instant,
        )
        app = create_app(
            title="rights",
            routers=[quarantine_router(desk)],
            checks=[],
            registry=CollectorRegistry(),
            keyring=READER,
            pages=[pages("")],
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as reader:
            reader.cookies.set("xiaoneng", "reader")
            reader.headers["Origin"] = "http://console"
            for action in ("resubmit", "discard"):
                url = f"/console/quarantine/nothing/{action}"
                answer = await reader.post(url, data={"reason": "误发"})
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), action
