"""Two units of a city whose loop is in the hands of the test, and people of each at its doors."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import httpx
import pytest
from fastapi import APIRouter
from prometheus_client import CollectorRegistry

from contracts.streams import CITY
from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.database import instant, open_pool
from kernel.intake.heard import Message
from kernel.web.access import Keyring, digest_of
from kernel.web.feed import Feed
from kernel.web.nudges import Nudges
from services.electronic_supervision.api.cases import cases_router
from services.electronic_supervision.api.judgements import judgements_router
from services.electronic_supervision.api.live import live_router
from services.electronic_supervision.api.operations import operations_router
from services.electronic_supervision.doors import bus
from services.electronic_supervision.doors.systems import CitySystem, admit
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.pages.routers import pages, routers
from services.electronic_supervision.reading.desk import Desk
from tests.electronic_supervision.live.conftest import Supervision, supervision
from tests.electronic_supervision.live.said import APPROVALS, Said, event, local, raw, subject
from tests.kernel.web.town import House, opened

__all__ = ["supervision"]

AT, NOW = "2026-11-02 10:00", "2026-11-25 10:00"
"""When cases are accepted, and what time it is: five days later there is a red card."""

HOUSING, TAX = "340200-housing", "340200-tax"
NAMES = {HOUSING: "市住房和城乡建设局", TAX: "市税务局"}
OTHERS = CitySystem(name="others", source="/wuhu/others", title="住建审批系统")
ADD_UNIT = "insert into unit_told (code, name) values ($1, $2)"
ADD_ALIAS = """
insert into unit_alias (source, code, unit) values ($1, $2, $3)
on conflict (source, code) do update set unit = excluded.unit
"""
DROP_ALIAS = "delete from unit_alias where (source, code) = ($1, $2)"


def somebody(role: Role, *units: str, subscribes: tuple[str, ...] = ()) -> Principal:
    """Return somebody in a role, for some units or ("") for the whole city."""
    grants = tuple(Grant(role=role, unit=unit or None) for unit in units or ("",))
    name = f"{role.value} {' '.join(units)}".strip()
    return Principal(name=name, grants=grants, subscribes=subscribes)


@dataclass
class Hall:
    """The doors of electronic supervision; who comes is known by his token."""

    supervision: Supervision
    house: House
    feed: Feed
    said: Bell
    holders: dict[bytes, Principal] = field(default_factory=dict)

    def lets_in(self, token: str, principal: Principal) -> None:
        self.holders[digest_of(token)] = principal

    def turns_out(self, token: str) -> None:
        del self.holders[digest_of(token)]

    async def asks(self, token: str, path: str, **params: str) -> httpx.Response:
        """Ask as a program does, or for a page as a browser does."""
        accept = "text/html" if path.startswith("/console") else "application/json"
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        return await self.house.client.get(path, params=params, headers=headers)

    async def sees(self, token: str, **params: str) -> list[str]:
        """Return the numbers of the cases that somebody is shown in the list for programs."""
        items = (await self.asks(token, "/cases", limit="100", **params)).json()["items"]
        return sorted(each["number"] for each in items)

    async def page(self, token: str, path: str, **params: str) -> str:
        answer = await self.asks(token, path, **params)
        assert answer.status_code == 200, (path, answer.text)
        return answer.text

    async def hears(self, *told: Said) -> None:
        """Take facts in and judge them as of NOW."""
        systems = {each.source: each.name for each in (APPROVALS, OTHERS)}
        messages = [
            Message(
                stream=CITY,
                subject=subject(each, systems[str(each["source"])]),
                data=raw(each),
                number=number,
                sent_at=local(AT),
            )
            for number, each in enumerate(told, 1)
        ]
        await bus.take(self.supervision.connection, messages, local(AT))
        await self.supervision.until(NOW)
        self.said.ring()

    async def id_of(self, number: str) -> str:
        found: str = await self.supervision.connection.fetchval(
            "select id from docket where number = $1", number
        )
        return found

    async def names(self, source: str, code: str, unit: str) -> None:
        """Have the register say that a source means a unit by a code."""
        await self.supervision.connection.execute(ADD_ALIAS, source, code, unit)

    async def forgets(self, source: str, code: str) -> None:
        await self.supervision.connection.execute(DROP_ALIAS, source, code)


def card(number: str, unit: str, system: CitySystem | None = None, **data: object) -> Said:
    """Tell of a case that has a red card by NOW."""
    limit = {"amount": 5, "unit": "working-days"}
    told = event(
        "case-accepted", AT, number, unit=unit, item=f"{number}的许可", stated_limit=limit, **data
    )
    return told if system is None else told | {"source": system.source}


def desk_of(supervision: Supervision, pool: asyncpg.Pool, now: datetime) -> Desk:
    """Return what the routes work with."""
    court = Court(law=stated_law(supervision.office), settle={})
    return Desk(pool=pool, court=court, facts=Bell(pool, "facts"), clock=lambda: now, now=instant)


@asynccontextmanager
async def hall_of(supervision: Supervision) -> AsyncIterator[Hall]:
    """Open all doors for readers on the tables of a supervision."""
    schema = supervision.settings["search_path"]
    holders: dict[bytes, Principal] = {}

    async def lookup(digest: bytes) -> Principal | None:
        return holders.get(digest)

    async with await open_pool(supervision.url, schema) as pool:
        said, judged = Bell(pool, "said"), Bell(pool, "judged")
        with said.ear() as ear:
            feed = Feed(pool, ear, CollectorRegistry())
            desk = desk_of(supervision, pool, local(NOW))
            doors: Sequence[APIRouter] = [
                live_router(desk, feed),
                cases_router(desk),
                judgements_router(desk),
                operations_router(desk),
                *routers(desk, Nudges(judged, feed.clients)),
            ]
            async with opened(*doors, keyring=Keyring(lookup), pages=[pages("")]) as house:
                yield Hall(supervision, house, feed, said, holders)


@pytest.fixture
async def hall(supervision: Supervision) -> AsyncIterator[Hall]:
    """Return a city of two units, and people of the office and of each of them."""
    connection = supervision.connection
    await admit(connection, OTHERS)
    await connection.executemany(ADD_UNIT, list(NAMES.items()))
    async with hall_of(supervision) as hall:
        hall.lets_in("office", somebody(Role.OFFICE))
        hall.lets_in("housing", somebody(Role.HANDLER, HOUSING))
        hall.lets_in("tax", somebody(Role.HANDLER, TAX))
        yield hall
