"""A provisioned house into which the simulated city speaks, with both services as processes."""

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from deploy.demo.city import SYSTEMS
from deploy.local.accounts import User
from deploy.local.nats import nats
from deploy.local.postgres import Postgres, postgres
from deploy.provision.provision import Report, provision
from deploy.provision.users import ADMINISTRATOR, names, user_of_system, users
from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, TENANCIES
from kernel.tenancy import Tenancy
from services.electronic_supervision.doors.systems import admit
from tests.system.access import let_in
from tests.system.stack import OPERATOR, Process

NAMES = [each.name for each in SYSTEMS]


@dataclass
class Town:
    """Servers, and how to start what runs on them; `port` is where the bus listens."""

    folder: Path
    exits: ExitStack
    postgres: Postgres
    everybody: Mapping[str, User]
    bus: ExitStack = field(default_factory=ExitStack)
    port: int = -1
    report: Report | None = None

    def start_bus(self) -> None:
        """Start the bus, where it was if it ran before."""
        running = nats(self.folder / "nats", list(self.everybody.values()), port=self.port)
        self.port = self.bus.enter_context(running).port

    def stop_bus(self) -> None:
        self.bus.close()

    def bus_url(self, user: str) -> str:
        return f"nats://{user}:{self.everybody[user].password}@127.0.0.1:{self.port}"

    @property
    def nats_urls(self) -> Mapping[str, str]:
        """Where each system finds the bus."""
        return {name: self.bus_url(user_of_system(name)) for name in NAMES}

    def start(self, tenancy: Tenancy) -> Process:
        """Start a service, which dies with the town; it may take a moment to listen."""
        assert self.report is not None
        access = self.report.access[tenancy.name]
        log = self.folder / f"{tenancy.name}.log"
        settings = {
            "XIAONENG_POSTGRES_URL": access.postgres_url,
            "XIAONENG_NATS_URL": access.nats_url,
            "XIAONENG_ACCESS_URL": self.report.access[ACCESS.name].postgres_url,
        }
        with log.open("wb") as file:
            popen = subprocess.Popen(
                [sys.executable, "-m", f"services.{tenancy.name}"],
                stdout=file,
                stderr=file,
                env={**os.environ, **settings},
            )
        process = Process(popen, log)
        self.exits.callback(process.kill)
        return process


async def town(folder: Path, exits: ExitStack) -> Town:
    """Build one, with the systems of the simulated city admitted."""
    passwords = {name: secrets.token_urlsafe(12) for name in names(TENANCIES, NAMES)}
    everybody = {user.name: user for user in users(TENANCIES, NAMES, passwords)}
    built = Town(folder, exits, exits.enter_context(postgres(folder / "postgres")), everybody)
    built.start_bus()
    exits.callback(built.stop_bus)
    url = built.postgres.url()
    built.report = await provision(url, built.bus_url(ADMINISTRATOR), passwords)
    await let_in(url, OPERATOR)
    settings = {"search_path": ELECTRONIC_SUPERVISION.name}
    connection = await asyncpg.connect(url, server_settings=settings)
    for system in SYSTEMS:
        await admit(connection, system)
    await connection.close()
    return built
