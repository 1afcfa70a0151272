"""A city that is attacked: two units with cases, people of each, and processes with all doors."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, EVALUATION, TENANCIES
from kernel.access.policy import Role
from kernel.access.principal import Grant
from kernel.service import application
from kernel.web.browser import COOKIE
from services.electronic_supervision.__main__ import now
from tests.console import town
from tests.electronic_supervision.live.said import APPROVALS
from tests.system.access import let_in, signed_in
from tests.system.hostile.whole import services
from tests.system.stack import Process, Stack
from tests.waiting import until

OWN, FOREIGN = "340200-own", "340200-foreign"
NAMES = {OWN: town.UNITS[0], FOREIGN: town.UNITS[1]}
"""The register's codes of two units, and what the approvals system calls them."""

AUDITOR, LEADER, PROGRAM = "auditor-token", "leader-token", "program-token"
ROLES = {AUDITOR: Role.AUDITOR, LEADER: Role.LEADER, PROGRAM: Role.SUBSCRIBER}
EVERYTHING = ("organisation.all", "supervision.all")
API = {"XIAONENG_PARTS": "api"}


@dataclass
class Town:
    """The city, a process with all its doors, and the case of each unit by its code."""

    city: Stack
    doors: Process
    shift: timedelta
    cases: dict[str, str] = field(default_factory=dict)

    async def another(self, **environment: str) -> Process:
        """Start one more process with all doors."""
        return await opened(self.city, self.shift, **API, **environment)

    async def secret(self, name: str, *grants: Grant) -> str:
        """Return what the cookie of somebody holds who has just signed in."""
        return await signed_in(self.city.postgres.url(), name, *grants, now=now())

    async def visitor(self, name: str, *grants: Grant) -> httpx.AsyncClient:
        """Return a browser whose user has signed in."""
        return browser(self.doors, {COOKIE: await self.secret(name, *grants)})

    async def handler(self, unit: str) -> httpx.AsyncClient:
        return await self.visitor(f"handler-{unit}", Grant(role=Role.HANDLER, unit=unit))

    async def recorded(self) -> int:
        """Count the events on all records."""
        counts = []
        for each in TENANCIES:
            database = await self.city.database(each)
            counts.append(await database.fetchval("select count(*) from event"))
            await database.close()
        return sum(counts)

    async def access(self) -> asyncpg.Connection:
        """Return an administrator's connection to the record of access."""
        return await self.city.database(ACCESS)


def browser(process: Process, cookies: Mapping[str, str] | None = None) -> httpx.AsyncClient:
    """Return what asks as a page of ours in a browser does."""
    return httpx.AsyncClient(
        base_url=process.origin,
        headers={"Accept": "text/html", "Origin": process.origin},
        cookies=dict(cookies or {}),
        timeout=30,
    )


async def opened(city: Stack, shift: timedelta, **environment: str) -> Process:
    """Start a process with all doors of a city, whose clock goes by so much."""
    told = _environment(city) | {"XIAONENG_TIME_SHIFT": str(shift // timedelta(seconds=1))}
    command = ("-m", "tests.system.hostile.whole")
    told |= environment
    return await city.start(tenancy=ELECTRONIC_SUPERVISION, command=command, **told).listening()


async def built(city: Stack) -> Town:
    """Open the doors, and give each of two units a case with a red card."""
    shift: timedelta = town.TODAY - now()
    found = Town(city, await opened(city, shift), shift)
    for token, role in ROLES.items():
        subscribes = EVERYTHING if role is Role.SUBSCRIBER else ()
        grants = (Grant(role=role),)
        await let_in(
            city.postgres.url(), token, name=role.value, grants=grants, subscribes=subscribes
        )
    async with found.doors.client() as office:
        for code, called in NAMES.items():
            await registered(office, code, called)
        found.cases = {code: town.number() for code in NAMES}
        told = [town.overdue(9, found.cases[code], n) for n, code in enumerate(NAMES)]
        await town.tell(found.doors, told)

        async def judged() -> bool:
            raised = (await office.get("/judgements")).json()["items"]
            named = (await office.get("/cases")).json()["items"]
            return len(raised) >= len(NAMES) and all(each.get("unit_name") for each in named)

        await until(judged)
    return found


async def registered(office: httpx.AsyncClient, code: str, called: str) -> None:
    """Put a unit into the register, with the name by which the approvals system calls it."""
    unit = {
        "name": called,
        "group": "government",
        "aliases": [{"source": APPROVALS.source, "code": called}],
        "effective_from": "2012-01-01",
    }
    answer = await office.put(f"/units/{code}", json=unit)
    assert answer.status_code == 201, answer.text


@asynccontextmanager
async def application_of(city: Stack) -> AsyncIterator[FastAPI]:
    """Open all doors of a city in this process."""
    async with services({**_environment(city, own=True), **API}) as opened_services:
        yield application(opened_services, title="效能")


async def routes(city: Stack, *methods: str) -> list[tuple[str, str]]:
    """Return method and path of every route that takes one of some methods."""
    async with application_of(city) as app:
        return sorted(
            {
                (method, route.path)
                for route in iter_route_contexts(app.routes)
                for method in route.methods or ()
                if method in methods and route.path
            }
        )


def filled(path: str, **values: str) -> str:
    """Put values in the place of a path's parameters, "1" for those that are not told."""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "1"), path)


def moment() -> datetime:
    """Return what time it is."""
    return now()


def _environment(city: Stack, *, own: bool = False) -> dict[str, str]:
    assert city.report is not None
    access = city.report.access
    told = {
        "EVALUATION_POSTGRES_URL": access[EVALUATION.name].postgres_url,
        "EVALUATION_NATS_URL": access[EVALUATION.name].nats_url or "",
    }
    if own:
        mine = access[ELECTRONIC_SUPERVISION.name]
        told["XIAONENG_POSTGRES_URL"] = mine.postgres_url
        told["XIAONENG_NATS_URL"] = mine.nats_url or ""
        told["XIAONENG_ACCESS_URL"] = access[ACCESS.name].postgres_url
    return told
