"""A city whose servers and services die and come back where they were."""

import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from deploy.local.nats import nats
from deploy.local.postgres import postgres
from deploy.provision.users import users
from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, TENANCIES
from tests.resilience.free_port import free_port
from tests.resilience.life import Life
from tests.resilience.nursery import Nursery
from tests.system.stack import PASSWORDS, SYSTEMS, Stack

GONE_SECONDS = 10.0
PARTS = ("api", "intake", "loop", "relay")
TIME_PASSES = "update lease set expires_at = '-infinity'"


@dataclass
class Town:
    """Both servers on ports of their own, and the processes of electronic supervision."""

    stack: Stack
    nursery: Nursery
    door: int
    postgres_exit: ExitStack
    nats_exit: ExitStack
    lives: list[Life] = field(default_factory=list)
    connection: asyncpg.Connection | None = None

    @property
    def folder(self) -> Path:
        return self.stack.folder

    def start(self, *parts: str, **environment: str) -> Life:
        """Start a process; the one with the doors always has the same port."""
        assert self.stack.report is not None
        access = self.stack.report.access[ELECTRONIC_SUPERVISION.name]
        parts = parts or PARTS
        settings = {
            "XIAONENG_POSTGRES_URL": access.postgres_url,
            "XIAONENG_NATS_URL": access.nats_url,
            "XIAONENG_ACCESS_URL": self.stack.report.access[ACCESS.name].postgres_url,
            "XIAONENG_PARTS": ",".join(parts),
            "XIAONENG_HTTP_PORT": str(self.door) if "api" in parts else "0",
        }
        log = self.folder / f"{'-'.join(parts)}-{len(self.lives)}.log"
        log.touch()
        process = self.nursery.bear(log, settings | environment)
        life = Life(process, os.pidfd_open(process), log, parts)
        self.lives.append(life)
        return life

    async def asked(self, query: str, *what: object) -> list[asyncpg.Record]:
        """Ask the database of electronic supervision, as its administrator."""
        with suppress(OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            if self.connection is not None:
                return await self.connection.fetch(query, *what)
        # the server died meanwhile
        self.connection = await self.stack.database()
        return await self.connection.fetch(query, *what)

    async def time_passes(self) -> None:
        """Let the leases of the dead expire, as they would in some seconds."""
        await self.asked(TIME_PASSES)

    async def ask_no_more(self) -> None:
        if self.connection is not None:
            await self.connection.close()

    def kill_services(self) -> None:
        for life in self.lives:
            life.kill()

    def kill_postgres(self) -> None:
        """Kill the server and all its processes at once."""
        lock = self.folder / "postgres" / "data" / "postmaster.pid"
        postmaster = int(lock.read_text().splitlines()[0])
        _kill([postmaster, *_children(postmaster)])
        self.postgres_exit.close()

    def start_postgres(self) -> None:
        self.postgres_exit.enter_context(
            postgres(self.folder / "postgres", port=self.stack.postgres.port)
        )

    def kill_nats(self) -> None:
        (ports,) = (self.folder / "nats").glob("nats-server_*.ports")
        _kill([int(ports.stem.rpartition("_")[2])])
        self.nats_exit.close()

    def start_nats(self) -> None:
        who = users(TENANCIES, SYSTEMS, PASSWORDS)
        self.nats_exit.enter_context(nats(self.folder / "nats", who, port=self.stack.bus.port))

    def lose_the_streams(self) -> None:
        """Delete all that JetStream has stored."""
        shutil.rmtree(self.folder / "nats" / "jetstream")


@asynccontextmanager
async def town(folder: Path, nursery: Nursery) -> AsyncIterator[Town]:
    """Build and provision a city, and end all of it after the block."""
    with ExitStack() as exits:
        postgres_exit = exits.enter_context(ExitStack())
        nats_exit = exits.enter_context(ExitStack())
        running = postgres_exit.enter_context(postgres(folder / "postgres"))
        who = users(TENANCIES, SYSTEMS, PASSWORDS)
        bus = nats_exit.enter_context(nats(folder / "nats", who))
        built = Town(Stack(folder, running, bus), nursery, free_port(), postgres_exit, nats_exit)
        exits.callback(built.kill_services)
        await built.stack.provision()
        yield built
        await built.ask_no_more()


def _children(process: int) -> list[int]:
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def _kill(processes: list[int]) -> None:
    """Kill processes, and wait until none of them runs."""
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    deadline = time.monotonic() + GONE_SECONDS
    while any(_runs(each) for each in processes):
        assert time.monotonic() < deadline, processes
        time.sleep(0.005)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}
