"""A process with a reception and a square that officials may look at, and people who come."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

import asyncpg
import httpx
from argon2 import PasswordHasher
from fastapi import APIRouter, Depends, FastAPI, Request
from prometheus_client import CollectorRegistry
from starlette.responses import Response

from kernel.access.account import OpenAccount
from kernel.access.accounts import account, carry_out, set_password
from kernel.access.passwords import Passwords
from kernel.access.policy import Right, Role
from kernel.access.principal import Caller, Grant, by_hand
from kernel.access.tenancy import TENANCY
from kernel.reception.main import opened as reception
from kernel.reception.settings import Settings
from kernel.service import Service, application
from kernel.store.events import StoredEvent
from kernel.store.store import read
from kernel.web.access import needs
from kernel.web.shell.shell import Pages, Place, shell_of

SQUARE = "/console/square"
ORIGIN = "http://house"
MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
GOOD = "correct horse battery"
BETTER = "staple of another horse"
BY = by_hand("test")
OFFICE, LEADER = Grant(role=Role.OFFICE), Grant(role=Role.LEADER)
KEEPER, AUDITOR = Grant(role=Role.ADMINISTRATOR), Grant(role=Role.AUDITOR)
TAX = Grant(role=Role.HANDLER, unit="税务局")


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: datetime = MORNING

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class House:
    """A process, and how to look behind its doors."""

    app: FastAPI
    url: str
    clock: Clock = field(default_factory=Clock)
    origin: str = ORIGIN

    def browser(self, address: str = "10.0.0.7") -> httpx.AsyncClient:
        """Return a browser that nobody has signed in with, without its scripts."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=(address, 50_000)),
            base_url=self.origin.replace("https:", "http:"),
            headers={"Accept": "text/html", "Origin": self.origin},
        )

    def program(self, token: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url=ORIGIN,
            headers={"Authorization": f"Bearer {token}"},
        )

    @asynccontextmanager
    async def record(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.url, server_settings={"search_path": TENANCY.name})
        try:
            yield connection
        finally:
            await connection.close()

    async def events(self) -> list[StoredEvent]:
        async with self.record() as connection:
            return [event async for event in read(connection)]

    async def official(
        self, name: str, *grants: Grant, password: str = GOOD, is_generated: bool = False
    ) -> None:
        """Open an account with a password."""
        now = self.clock.now
        async with self.record() as connection:
            if await account(connection, name) is None:
                command = OpenAccount(name=name, title=f"{name}同志", grants=grants)
                await carry_out(connection, command, now=now, by=BY)
            digest = await Passwords().digest(password)
            await set_password(connection, name, digest, is_generated=is_generated, now=now, by=BY)

    @asynccontextmanager
    async def signed_in(self, name: str, *grants: Grant) -> AsyncIterator[httpx.AsyncClient]:
        """Give the browser of somebody who has an account and has signed in."""
        await self.official(name, *grants)
        async with self.browser() as browser:
            answer = await sign_in(browser, name)
            assert answer.status_code == 303, answer.text
            yield browser


async def sign_in(
    browser: httpx.AsyncClient, name: str, password: str = GOOD, then: str = ""
) -> httpx.Response:
    form = {"account": name, "password": password, "next": then}
    return await browser.post("/sign-in", data=form)


async def until(happened: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait for something with a deadline."""
    async with asyncio.timeout(seconds):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.01)


async def sees(browser: httpx.AsyncClient) -> int:
    """Return how the square answers."""
    return (await browser.get(SQUARE)).status_code


async def is_counted(record: asyncpg.Connection) -> bool:
    """Tell whether an attempt was counted, and so a password is looked at from now on."""
    found: bool = await record.fetchval("select exists (select from failure)")
    return found


async def keep_slow(record: asyncpg.Connection, name: str) -> None:
    """Keep the usual password so that it takes long to look at."""
    slow = PasswordHasher(time_cost=60).hash(GOOD)
    await record.execute("update password set digest = $2 where account = $1", name, slow)


def secret_in(page: str) -> str:
    """Return what a page shows once."""
    found = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert found is not None, page
    return found[1]


def square() -> APIRouter:
    router = APIRouter()

    @router.get(SQUARE)
    async def look(
        request: Request, caller: Annotated[Caller, Depends(needs(Right.SEE_CASES))]
    ) -> Response:
        told = {"words": f"{caller.name} {caller.role} {sorted(caller.units or ())}"}
        return shell_of(request).page(request, "town/square.html", told)

    @router.post(SQUARE)
    async def act(_: Annotated[Caller, Depends(needs(Right.SEE_CASES))]) -> str:
        return "done"

    return router


async def strangers(codes: Collection[str]) -> Sequence[str]:
    """Return the units that the town does not know."""
    return sorted(set(codes) - {"税务局", "教育局"})


TOWN = Service(
    name="town",
    routers=[square()],
    checks=[],
    registry=CollectorRegistry(),
    work=[],
    register=strangers,
    pages=Pages(
        name="town", package="tests.kernel.web", places=[Place(SQUARE, "广场", Right.SEE_CASES)]
    ),
)


@asynccontextmanager
async def opened(url: str, *, public_url: str = "") -> AsyncIterator[House]:
    """Open a process for the length of the block; behind a proxy with a `public_url`."""
    clock = Clock()
    made: list[House] = []
    async with reception(
        Settings(postgres_url=url), clock=lambda: (made[0].clock if made else clock).now
    ) as doors:
        app = application([TOWN, doors], title="test", public_url=public_url)
        made.append(House(app=app, url=url, clock=clock, origin=public_url or ORIGIN))
        yield made[0]
