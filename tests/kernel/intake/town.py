"""A provisioned house whose bus may be stopped, a city system that speaks, a service that hears."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from nats.aio.client import Client
from nats.errors import Error, NoServersError

from contracts.streams import CITY
from deploy.local.nats import Nats, nats
from deploy.provision.jetstream import Answer
from deploy.provision.provision import provision
from deploy.provision.settings import Settings
from deploy.provision.users import user_of_system, users
from deploy.tenancies import TENANCIES
from kernel.bell import Bell
from kernel.bus import connect
from kernel.intake.heard import Message
from kernel.intake.subscription import Subscription, Take
from kernel.intake.watermark import Watermark
from tests.deploy.conftest import PASSWORDS, SYSTEMS, House

NAME = "electronic_supervision"
SYSTEM = "approvals"
DEADLINE = 30.0
SETTINGS = Settings(ack_wait=timedelta(seconds=2))
HEARD = "select stream_sequence, heard_through from checkpoint where stream = $1"


def subject(key: object) -> str:
    return f"city.{SYSTEM}.approvals.case-accepted.v1.unit.{key}"


class Bus:
    """A real bus that can be stopped and started again where it was."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = AsyncExitStack()
        self.port = -1

    def start(self) -> None:
        guests = users(TENANCIES, SYSTEMS, PASSWORDS)
        running = self._stack.enter_context(nats(self._folder, guests, port=self.port))
        self.port = running.port

    async def stop(self) -> None:
        await self._stack.aclose()


@dataclass
class Hearing:
    """What a service took and put aside, in the order in which it did."""

    batches: list[list[Message]] = field(default_factory=list)
    set_aside: list[bytes] = field(default_factory=list)

    @property
    def heard(self) -> list[bytes]:
        return [message.data for batch in self.batches for message in batch]

    async def take(self, messages: Sequence[Message]) -> Sequence[Message]:
        self.batches.append(list(messages))
        return ()

    async def put_aside(self, message: Message) -> None:
        self.set_aside.append(message.data)


@dataclass
class Town:
    postgres_url: str
    bus: Bus
    pool: asyncpg.Pool
    clients: AsyncExitStack

    @property
    def house(self) -> House:
        return House(self.postgres_url, Nats(port=self.bus.port))

    async def client(self, name: str) -> Client:
        """Connect as somebody until the end of the test."""
        made = await connect(self.house.user_url(name), name)
        self.clients.push_async_callback(made.close)
        return made

    async def speaker(self) -> Client:
        return await self.client(user_of_system(SYSTEM))

    async def say(self, *bodies: bytes, headers: dict[str, str] | None = None) -> None:
        """Let the city system say so many things; the bus has them when this returns."""
        async with self.house.client(user_of_system(SYSTEM)) as client:
            for number, body in enumerate(bodies):
                await client.request(subject(number), body, timeout=10, headers=headers)

    async def say_raw(self, line: bytes) -> None:
        """Let the city system write to the bus what no client would."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.bus.port)
        name = user_of_system(SYSTEM)
        who = {"user": name, "pass": PASSWORDS[name], "headers": True, "verbose": False}
        writer.write(f"CONNECT {json.dumps(who)}\r\n".encode() + line + b"PING\r\n")
        try:
            async with asyncio.timeout(DEADLINE):
                while (answer := await reader.readline()) != b"PONG\r\n":
                    assert answer.startswith(b"INFO"), answer
        finally:
            writer.close()
            await writer.wait_closed()

    async def ask(self, what: str, body: dict[str, Any] | None = None) -> Answer:
        return await self.house.ask(what, body)

    async def consumer(self) -> Answer:
        return await self.ask(f"CONSUMER.INFO.{CITY}.{NAME}")

    async def stream(self) -> Answer:
        return await self.ask(f"STREAM.INFO.{CITY}")

    async def floor(self) -> int:
        floor: int = (await self.consumer())["ack_floor"]["stream_seq"]
        return floor

    @asynccontextmanager
    async def hearing(self, hearing: Hearing, take: Take | None = None) -> AsyncIterator[None]:
        """Let the service hear the stream for the length of the block."""
        subscription = Subscription(
            url=self.house.user_url(NAME),
            name=NAME,
            stream=CITY,
            take=take or hearing.take,
            set_aside=hearing.put_aside,
        )
        async with working(subscription.run()):
            yield

    async def watermark(self) -> Watermark:
        client = await self.client(NAME)
        bell = Bell(self.pool, "mark")
        return Watermark(
            pool=self.pool, jetstream=client.jetstream(), name=NAME, stream=CITY, bell=bell
        )

    async def checkpoint(self) -> asyncpg.Record:
        return (await self.pool.fetch(HEARD, CITY))[0]


async def provision_town(postgres_url: str, bus: Bus) -> None:
    house = House(postgres_url, Nats(port=bus.port))
    await provision(postgres_url, house.nats_url, PASSWORDS, SETTINGS)


@asynccontextmanager
async def working(work: Awaitable[None]) -> AsyncIterator[None]:
    """Let something run for ever for the length of the block."""
    task = asyncio.ensure_future(work)
    try:
        yield
        assert not task.done(), "it gave up"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(
    condition: Callable[[], Awaitable[bool]], promise: str, seconds: float = DEADLINE
) -> None:
    """Wait until something is so, and name the promise that is broken if it never is."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                if await _is_so(condition):
                    return
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"broken: {promise}") from None


async def _is_so(condition: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await condition()
    except (Error, NoServersError, OSError):
        return False
