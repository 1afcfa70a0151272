"""A provisioned city for tests: PostgreSQL, NATS, and services as processes of their own."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
from nats import connect as connected
from nats.js.api import AckPolicy, ConsumerConfig

from deploy.local.accounts import User
from deploy.local.nats import Nats, nats
from deploy.local.postgres import Postgres, postgres
from deploy.provision.provision import Report, provision
from deploy.provision.settings import Settings
from deploy.provision.users import ADMINISTRATOR, names, user_of_system, users
from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, TENANCIES
from kernel.access.policy import Role
from kernel.access.principal import Grant
from kernel.tenancy import Tenancy
from services.electronic_supervision.doors.systems import admit
from tests.electronic_supervision.live.said import APPROVALS
from tests.system.access import let_in

SYSTEMS = (APPROVALS.name,)
PASSWORDS = {name: secrets.token_urlsafe(12) for name in names(TENANCIES, SYSTEMS)}
NEWSROOM = User(
    name="newsroom",
    password=secrets.token_urlsafe(12),
    publish=[
        "$JS.API.CONSUMER.INFO.SUPERVISION.newsroom",
        "$JS.API.CONSUMER.MSG.NEXT.SUPERVISION.newsroom",
        "$JS.ACK.SUPERVISION.newsroom.>",
    ],
    subscribe=["_INBOX_newsroom.>"],
)
"""A subscriber outside, who reads what supervision says through a consumer made for it."""

OPERATOR, REPORTER = "operator-token", "approvals-token"
PUBLISHES = (Grant(role=Role.PUBLISHER),)
START_SECONDS = 30
SOON = Settings(ack_wait=timedelta(seconds=2))


@dataclass
class Process:
    """A service that runs, and the port of its doors."""

    popen: "subprocess.Popen[bytes]"
    log: Path
    port: int = 0

    def kill(self) -> None:
        """Let it die without a word, as by a power cut."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()

    async def listening(self) -> "Process":
        async with asyncio.timeout(START_SECONDS):
            while not self.port:
                assert self.popen.poll() is None, self.log.read_text()[-3000:]
                for line in self.log.read_text().splitlines():
                    if '"listening"' in line:
                        self.port = json.loads(line)["port"]
                await asyncio.sleep(0.02)
        return self

    @property
    def origin(self) -> str:
        """What a browser calls the site of its doors."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, token: str = OPERATOR) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.origin,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )


@dataclass
class Stack:
    """Both servers and whatever runs on them."""

    folder: Path
    postgres: Postgres
    bus: Nats
    report: Report | None = None
    running: list[Process] = field(default_factory=list)

    def nats_url(self, name: str) -> str:
        return self.bus.url(User(name=name, password=PASSWORDS[name], publish=[], subscribe=[]))

    @property
    def system_url(self) -> str:
        """Where the approvals system finds the bus."""
        return self.nats_url(user_of_system(APPROVALS.name))

    async def provision(self) -> None:
        url, bus = self.postgres.url(), self.nats_url(ADMINISTRATOR)
        self.report = await provision(url, bus, PASSWORDS, SOON)
        await self.admit()

    async def admit(self) -> None:
        """Let in the operator, and the approvals system by HTTP."""
        url, connection = self.postgres.url(), await self.database()
        await admit(connection, APPROVALS)
        await connection.close()
        await let_in(url, OPERATOR)
        await let_in(url, REPORTER, name=APPROVALS.name, grants=PUBLISHES, source=APPROVALS.source)

    async def database(self, tenancy: Tenancy = ELECTRONIC_SUPERVISION) -> asyncpg.Connection:
        """Return an administrator's connection to the schema of a service."""
        settings = {"search_path": tenancy.name}
        return await asyncpg.connect(self.postgres.url(), server_settings=settings)

    async def subscribe_newsroom(self) -> None:
        """Make the consumer of the subscriber outside."""
        name = ADMINISTRATOR
        client = await connected(self.nats_url(name), inbox_prefix=f"_INBOX_{name}")
        config = ConsumerConfig(durable_name=NEWSROOM.name, ack_policy=AckPolicy.EXPLICIT)
        await client.jetstream().add_consumer("SUPERVISION", config)
        await client.close()

    def start(
        self,
        *parts: str,
        tenancy: Tenancy = ELECTRONIC_SUPERVISION,
        command: Sequence[str] = (),
        **environment: str,
    ) -> Process:
        """Start a service, or some parts of it."""
        assert self.report is not None
        access = self.report.access[tenancy.name]
        log = self.folder / f"{tenancy.name}-{len(self.running)}.log"
        settings = {
            "XIAONENG_POSTGRES_URL": access.postgres_url,
            "XIAONENG_NATS_URL": access.nats_url,
            "XIAONENG_ACCESS_URL": self.report.access[ACCESS.name].postgres_url,
            "XIAONENG_PARTS": ",".join(parts),
        }
        how = [sys.executable, *(command or ("-m", f"services.{tenancy.name}"))]
        with log.open("wb") as file:
            popen = subprocess.Popen(
                how, stdout=file, stderr=file, env={**os.environ, **settings, **environment}
            )
        process = Process(popen, log)
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in self.running:
            process.kill()


async def stack(folder: Path, exits: AsyncExitStack) -> Stack:
    """Build a city in a folder that others may pass through, as the database's own user has to."""
    running = exits.enter_context(postgres(folder / "postgres"))
    everybody = [*users(TENANCIES, SYSTEMS, PASSWORDS), NEWSROOM]
    bus = exits.enter_context(nats(folder / "nats", everybody))
    built = Stack(folder, running, bus)
    exits.callback(built.stop)
    await built.provision()
    return built
