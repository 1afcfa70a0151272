"""Three NATS servers with the configuration that we ship, which die, freeze and come back."""

import asyncio
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import nats.errors
from nats.aio.client import Client

from deploy.local.accounts import User, accounts
from deploy.local.nats import Nats
from deploy.local.postgres import postgres
from deploy.provision.provision import provision
from deploy.provision.settings import Settings
from deploy.provision.users import ADMINISTRATOR, users
from deploy.tenancies import TENANCIES
from kernel.bus import connect
from tests.resilience.deadline import comes_true
from tests.resilience.free_port import free_port
from tests.resilience.nursery import Nursery
from tests.resilience.town import Town
from tests.system.stack import PASSWORDS, SYSTEMS, Stack

SHIPPED = Path(__file__).parents[2] / "deploy/compose/nats/nats.conf"
THREE = Settings(replicas=3, ack_wait=timedelta(seconds=2))
NAMES = ("nats-1", "nats-2", "nats-3")
LOOPBACK = "127.0.0.1"
ROUTE_PASSWORD = f"r{secrets.token_hex(8)}"
WELL_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where one server listens: for clients, for the other servers, for probes."""

    clients: int
    routes: int
    health: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bus(Nats):
    """All servers of a cluster as one bus; `port` is that of the first."""

    ports: Sequence[int]

    def url(self, user: User) -> str:
        """Return the URL of all servers for a user."""
        hosts = ",".join(f"{LOOPBACK}:{each}" for each in self.ports)
        return f"nats://{user.name}:{user.password}@{hosts}"


@dataclass
class Cluster:
    """The servers by name; a dead one is not among those that run."""

    folder: Path
    ports: dict[str, Ports]
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start(self, *names: str) -> None:
        binary = Path(sys.executable).with_name("nats-server")
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [binary, "--config", self.folder / "nats.conf"],
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **self.environment(name)},
                    process_group=0,
                )

    def environment(self, name: str) -> dict[str, str]:
        """Return what one server is told, as the compose file tells it."""
        own = self.ports[name]
        routes = [
            f"nats://route:{ROUTE_PASSWORD}@{LOOPBACK}:{e.routes}" for e in self.ports.values()
        ]
        return {
            "NATS_NAME": name,
            "NATS_HOST": LOOPBACK,
            "NATS_PORT": str(own.clients),
            "NATS_ROUTE_PORT": str(own.routes),
            "NATS_HEALTH": f"{LOOPBACK}:{own.health}",
            "NATS_STORE": str(self.folder / name),
            "NATS_ROUTE_PASSWORD": ROUTE_PASSWORD,
            "NATS_ROUTES": json.dumps(routes),
        }

    def kill(self, *names: str) -> None:
        """Let servers die without a word, as by a power cut, all at once."""
        for name in names:
            self.running[name].send_signal(signal.SIGKILL)
        for name in names:
            self.running.pop(name).wait()

    def freeze(self, name: str) -> None:
        """Let a server say nothing more and close nothing, as one that the network has lost."""
        self.running[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        self.running[name].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.kill(*self.running)

    async def is_well(self) -> None:
        """Wait until every server says so, by the probe of the compose file."""

        async def unwell() -> object:
            async with httpx.AsyncClient(timeout=2) as client:
                return [name for name in self.ports if not await self._is_well(client, name)]

        await comes_true("all servers of the cluster are well", unwell, WELL_SECONDS)

    async def jetstream(self, name: str) -> dict[str, Any]:
        """Return what a server says of its own JetStream."""
        async with httpx.AsyncClient() as client:
            url = f"http://{LOOPBACK}:{self.ports[name].health}/jsz?config=true"
            told: dict[str, Any] = (await client.get(url)).json()
        return told

    async def _is_well(self, client: httpx.AsyncClient, name: str) -> bool:
        try:
            answer = await client.get(f"http://{LOOPBACK}:{self.ports[name].health}/healthz")
        except httpx.HTTPError:
            return False
        return answer.is_success


@dataclass
class ClusteredTown:
    """A city on a cluster, and the administrator's connection to its bus."""

    town: Town
    cluster: Cluster
    client: Client

    async def state(self, stream: str) -> dict[str, Any]:
        """Return what the cluster says of a stream; nothing while nobody leads."""
        try:
            answer = await self.client.request(f"$JS.API.STREAM.INFO.{stream}", b"", timeout=1)
        except (nats.errors.Error, OSError):
            return {}
        told: dict[str, Any] = json.loads(answer.data)
        return {} if "error" in told else told

    async def leader(self, stream: str, other_than: str = "") -> str:
        """Return who leads a stream, as soon as that is another one."""
        async with asyncio.timeout(WELL_SECONDS):
            while True:
                name: str = (await self.state(stream)).get("cluster", {}).get("leader", "")
                if name and name != other_than:
                    return name
                await asyncio.sleep(0.05)

    async def is_replicated(self, *streams: str) -> None:
        """Wait until every server has all of the streams."""

        async def behind() -> object:
            found = []
            for stream in streams:
                told = (await self.state(stream)).get("cluster", {})
                current = [each for each in told.get("replicas", []) if each.get("current")]
                if len(current) != len(NAMES) - 1:
                    found.append((stream, told))
            return found

        await comes_true("all replicas are current again", behind, WELL_SECONDS)


@contextmanager
def cluster(folder: Path, *, gossips: bool = False) -> Iterator[Cluster]:
    """Run three servers; with `gossips` they tell clients of each other, which ours do not."""
    folder.mkdir()
    config = SHIPPED.read_text(encoding="utf-8")
    assert "no_advertise: true" in config
    if gossips:
        config = config.replace("no_advertise: true", "no_advertise: false")
    (folder / "nats.conf").write_text(config, encoding="utf-8")
    who = json.dumps({"accounts": accounts(users(TENANCIES, SYSTEMS, PASSWORDS))})
    (folder / "users.conf").write_text(who, encoding="utf-8")
    built = Cluster(folder, dict(zip(NAMES, _ports(), strict=True)))
    try:
        built.start(*NAMES)
        yield built
    finally:
        built.stop()


def _ports() -> list[Ports]:
    """Find free ports, none of them twice."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(3 * len(NAMES))]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        numbers = [each.getsockname()[1] for each in sockets]
    return [
        Ports(clients=clients, routes=routes, health=health)
        for clients, routes, health in zip(*[iter(numbers)] * 3, strict=True)
    ]


@asynccontextmanager
async def clustered_town(
    folder: Path, nursery: Nursery, *, gossips: bool = False
) -> AsyncIterator[ClusteredTown]:
    """Build a city on three servers with three replicas of all streams; end it after the block.

    With `gossips` its services are told of the first server alone.
    """
    async with AsyncExitStack() as exits:
        running = exits.enter_context(postgres(folder / "postgres"))
        servers = exits.enter_context(cluster(folder / "cluster", gossips=gossips))
        await servers.is_well()
        ports = [each.clients for each in servers.ports.values()]
        told_of = Bus(port=ports[0], ports=ports[:1] if gossips else ports)
        stack = Stack(folder, running, told_of)
        nothing = exits.enter_context(ExitStack())
        town = Town(stack, nursery, free_port(), nothing, nothing)
        exits.push_async_callback(town.ask_no_more)
        exits.callback(town.kill_services)
        where = stack.nats_url(ADMINISTRATOR)
        stack.report = await provision(running.url(), where, PASSWORDS, THREE)
        await stack.admit()
        stack.bus = Bus(port=ports[0], ports=ports)
        client = await connect(stack.nats_url(ADMINISTRATOR), ADMINISTRATOR)
        exits.push_async_callback(client.close)
        yield ClusteredTown(town, servers, client)
