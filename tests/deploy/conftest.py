"""A real PostgreSQL for all tests of the session; a database and a bus for each."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from nats.aio.client import Client

from deploy.local.accounts import User
from deploy.local.nats import Nats, nats
from deploy.local.postgres import Postgres, postgres
from deploy.provision.jetstream import Answer, ask, connected
from deploy.provision.provision import Report, plan, provision
from deploy.provision.roles import role_of, url_for
from deploy.provision.settings import Settings
from deploy.provision.users import ADMINISTRATOR, names, user_of_system, users
from deploy.tenancies import TENANCIES
from kernel.tenancy import Tenancy

NUMBERS = count(1)
HALL = "政务服务"
SYSTEMS = (HALL, "approvals")
PASSWORDS = {name: f"password-{n}" for n, name in enumerate(names(TENANCIES, SYSTEMS))}
STANDARD = Settings()


@dataclass(frozen=True, slots=True)
class House:
    """Two servers of one test, and what a test may want to do with them."""

    postgres_url: str
    bus: Nats

    @property
    def nats_url(self) -> str:
        return self.user_url(ADMINISTRATOR)

    def user_url(self, name: str) -> str:
        user = User(name=name, password=PASSWORDS[name], publish=[], subscribe=[])
        return self.bus.url(user)

    def role_url(self, tenancy: Tenancy) -> str:
        return url_for(self.postgres_url, role_of(tenancy), PASSWORDS[tenancy.name])

    async def provision(self, settings: Settings = STANDARD) -> Report:
        return await provision(self.postgres_url, self.nats_url, PASSWORDS, settings)

    async def codes(self, settings: Settings = STANDARD) -> list[str]:
        found = await plan(self.postgres_url, self.nats_url, PASSWORDS, settings)
        return sorted({each.code for each in found})

    @asynccontextmanager
    async def database(
        self, tenancy: Tenancy | None = None, schema: str = "public"
    ) -> AsyncIterator[asyncpg.Connection]:
        url = self.postgres_url if tenancy is None else self.role_url(tenancy)
        settings = {} if tenancy else {"search_path": schema}
        connection = await asyncpg.connect(url, server_settings=settings)
        try:
            yield connection
        finally:
            await connection.close()

    async def execute(self, statement: str) -> None:
        async with self.database() as connection:
            await connection.execute(statement)

    @asynccontextmanager
    async def client(self, name: str = ADMINISTRATOR) -> AsyncIterator[Client]:
        client = await connected(self.user_url(name), name)
        try:
            yield client
        finally:
            await client.close()

    async def ask(self, subject: str, body: Mapping[str, object] | None = None) -> Answer:
        async with self.client() as client:
            return await ask(client, subject, body)

    async def say(self, system: str, number: int) -> None:
        """Let a city system say something so many times; the bus has it when this returns."""
        name = user_of_system(system)
        async with self.client(name) as client:
            for each in range(number):
                subject = name.replace("city-", "city.") + f".approvals.case-accepted.v1.u.{each}"
                await client.request(subject, b"{}", timeout=10)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    try:
        with postgres(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that the servers' own user can reach, unlike pytest's."""
    made = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def bus(folder: Path) -> Iterator[Nats]:
    with nats(folder / "nats", users(TENANCIES, SYSTEMS, PASSWORDS)) as running:
        yield running


@pytest.fixture
async def house(server: Postgres, bus: Nats) -> AsyncIterator[House]:
    name = f"house_{next(NUMBERS)}"
    administrator = await asyncpg.connect(server.url())
    await administrator.execute(f"create database {name}")
    yield House(server.url(name), bus)
    await administrator.execute(f"drop database {name} with (force)")
    for tenancy in TENANCIES:
        await administrator.execute(f"drop role if exists {role_of(tenancy)}")
    await administrator.close()


@pytest.fixture
async def provisioned(house: House) -> House:
    await house.provision()
    return house
