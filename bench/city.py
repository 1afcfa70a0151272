"""A provisioned city to measure: both servers from their wheels, and services as processes."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from deploy.local.accounts import User
from deploy.local.nats import Nats, nats
from deploy.local.postgres import Postgres, postgres
from deploy.provision.provision import Access, Report, provision
from deploy.provision.users import ADMINISTRATOR, names, users
from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, TENANCIES
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.access.tokens import issue_as
from services.electronic_supervision.doors.systems import CitySystem, admit
from services.electronic_supervision.loop.worker import PARTITIONS

APPROVALS = CitySystem(name="approvals", source="/bench/approvals")
OPERATOR, REPORTER = "operator-token", "approvals-token"
START_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Both servers, and how electronic supervision gets in; `bus` may do anything.

    `doors` is where it is known who may come in.
    """

    folder: Path
    server: Postgres
    bus: str
    access: Access
    doors: str

    async def record(self) -> asyncpg.Connection:
        """Return a connection of the service to its schema."""
        settings = {"search_path": ELECTRONIC_SUPERVISION.name}
        return await asyncpg.connect(self.access.postgres_url, server_settings=settings)

    async def administrator(self) -> asyncpg.Connection:
        """Return a connection to that schema that may do anything."""
        settings = {"search_path": ELECTRONIC_SUPERVISION.name}
        return await asyncpg.connect(self.server.url(), server_settings=settings)

    async def pool(self, size: int) -> asyncpg.Pool:
        """Return so many connections of the service to its schema."""
        settings = {"search_path": ELECTRONIC_SUPERVISION.name}
        url = self.access.postgres_url
        return await asyncpg.create_pool(
            url, min_size=size, max_size=size, server_settings=settings
        )

    @contextmanager
    def running(self, *parts: str, share: int = PARTITIONS) -> Iterator[int]:
        """Run a process of electronic supervision for the length of the block; return its port.

        It judges `share` partitions at most.
        """
        settings = {
            "XIAONENG_POSTGRES_URL": self.access.postgres_url,
            "XIAONENG_NATS_URL": self.access.nats_url,
            "XIAONENG_ACCESS_URL": self.doors,
            "XIAONENG_PARTS": ",".join(parts),
            "XIAONENG_PARTITIONS": str(share),
        }
        log = self.folder / f"{secrets.token_hex(4)}.log"
        command = [sys.executable, "-m", "services.electronic_supervision"]
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, stdout=file, stderr=file, env={**os.environ, **settings}
            )
        try:
            yield _port(process, log)
        finally:
            process.terminate()
            process.wait()


@asynccontextmanager
async def city() -> AsyncIterator[City]:
    """Build a city of its own for the length of the block."""
    with _folder() as folder:
        passwords = {each: secrets.token_urlsafe(12) for each in names(TENANCIES)}
        bench = User(
            name="bench", password=secrets.token_urlsafe(12), publish=[">"], subscribe=[">"]
        )
        known = users(TENANCIES, (), passwords)
        with postgres(folder / "postgres") as server, nats(folder / "nats", [*known, bench]) as bus:
            told = await _provisioned(server, bus, known, passwords)
            yield City(
                folder=folder,
                server=server,
                bus=bus.url(bench),
                access=told.access[ELECTRONIC_SUPERVISION.name],
                doors=told.access[ACCESS.name].postgres_url,
            )


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder that the database's own user can pass through, and remove it after."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


async def _provisioned(
    server: Postgres, bus: Nats, known: list[User], passwords: dict[str, str]
) -> Report:
    administrator = next(user for user in known if user.name == ADMINISTRATOR)
    told = await provision(server.url(), bus.url(administrator), passwords)
    settings = {"search_path": ELECTRONIC_SUPERVISION.name}
    connection = await asyncpg.connect(server.url(), server_settings=settings)
    await admit(connection, APPROVALS)
    await connection.close()
    await _let_in(server.url())
    return told


async def _let_in(url: str) -> None:
    """Let the operator in by his token, and the system that reports by its own."""
    connection = await asyncpg.connect(url, server_settings={"search_path": ACCESS.name})
    for token, name, role, source in (
        (OPERATOR, "operator", Role.OFFICE, None),
        (REPORTER, APPROVALS.name, Role.PUBLISHER, APPROVALS.source),
    ):
        await issue_as(
            connection,
            token,
            name=name,
            grants=(Grant(role=role),),
            source=source,
            now=datetime(2020, 1, 1, tzinfo=UTC),
            expires_at=None,
            by=by_hand("bench"),
        )
    await connection.close()


def _port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if '"listening"' in line:
                return int(json.loads(line)["port"])
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8")[-3000:])
