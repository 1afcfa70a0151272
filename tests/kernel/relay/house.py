"""A service with a record, a bus and relays, and the people who may do things to them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import asyncpg
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig
from prometheus_client import CollectorRegistry

from contracts.streams import subjects_of
from kernel.bell import Ear
from kernel.readiness import Problem
from kernel.relay.metrics import RelayMetrics
from kernel.relay.relay import Relay
from kernel.store.events import NewEvent, NewPublication
from kernel.store.store import append
from tests.kernel.relay.carrier import STREAM, SUBJECT, TENANCY, Carrier

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DEADLINE = 30.0
NUMBERS = count(1)


@dataclass(kw_only=True)
class House:
    record: asyncpg.Connection
    pool: asyncpg.Pool
    carrier: Carrier
    bus: Client
    admin: Client
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    ears: list[Ear] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.metrics = RelayMetrics.on(self.registry)

    async def provision(self, *, allow_atomic: bool = True, duplicate_window: float = 120) -> None:
        """Make the stream, as soon as the administrator is connected again."""
        await until(self._is_up, "the connection to the bus comes back")
        await self.admin.jetstream().add_stream(
            name=STREAM,
            subjects=[subjects_of(STREAM)],
            allow_atomic=allow_atomic,
            duplicate_window=duplicate_window,
        )

    async def _is_up(self) -> bool:
        return self.admin.is_connected

    async def say(self, number: int = 1, *, size: int = 100, epoch: int = 1) -> None:
        """Record so many events, each of which says something of `size` bytes."""
        events = [
            NewEvent(stream=f"s{n}", id=f"e{n}", type="Lent", data="{}")
            for n in (next(NUMBERS) for _ in range(number))
        ]
        said = [publication(event.id, index, epoch, size) for index, event in enumerate(events)]
        await append(self.record, events, NOW, publications=said, epoch=epoch)
        for ear in self.ears:
            ear.note()

    async def agreed(self) -> None:
        """Wait until the relay has found that the stream holds nothing that the record lacks."""
        await until(self._is_agreed, "the relay finds that stream and record agree")

    async def _is_agreed(self) -> bool:
        return bool(await self.record.fetchval("select is_agreed from relay_cursor"))

    async def is_silent(self) -> bool:
        return not await self._is_agreed()

    def relay(self, holder: str = "one", *, bus: Client | None = None) -> Relay:
        ear = Ear()
        self.ears.append(ear)
        return Relay(
            self.pool, bus or self.bus, TENANCY, holder=holder, ear=ear, metrics=self.metrics
        )

    @asynccontextmanager
    async def working(self, *relays: Relay) -> AsyncIterator[Relay]:
        chosen = relays or (self.relay(),)
        async with asyncio.TaskGroup() as group:  # a relay that gives up fails the test at once
            tasks = [group.create_task(relay.run()) for relay in chosen]
            yield chosen[0]
            for task in tasks:
                task.cancel()

    async def sent(self) -> None:
        """Let a relay work until all is heard."""
        async with self.working(self.relay(f"relay-{len(self.ears)}")):
            await until(self.all_is_heard, "what is said is sent")

    async def grows(self, length: int, promise: str) -> None:
        """Wait until the stream has so many messages."""

        async def grown() -> bool:
            return await self.length() == length

        await until(grown, promise)

    async def said(self) -> list[bytes]:
        rows = await self.record.fetch("select body from publication order by sequence")
        return [row["body"].encode() for row in rows]

    async def length(self) -> int:
        return (await self.admin.jetstream().stream_info(STREAM)).state.last_seq

    async def heard(self) -> list[bytes]:
        """Return all that the stream holds, in order."""
        context = self.admin.jetstream()
        left = (await context.stream_info(STREAM)).state.messages
        config = ConsumerConfig(ack_policy=AckPolicy.NONE, inactive_threshold=60)
        consumer = await context.pull_subscribe(subjects_of(STREAM), stream=STREAM, config=config)
        bodies: list[bytes] = []
        while left > len(bodies):
            bodies += [m.data for m in await consumer.fetch(min(500, left - len(bodies)))]
        await consumer.unsubscribe()
        return bodies

    async def all_is_heard(self) -> bool:
        if not self.admin.is_connected:
            return False
        said = await self.said()
        return await self.length() >= len(said) and await self.heard() == said

    async def cursor(self) -> tuple[int, int]:
        row = (await self.record.fetch("select sequence, stream_sequence from relay_cursor"))[0]
        return row["sequence"], row["stream_sequence"]

    async def restore(self, last: int) -> None:
        """Bring back the record as it was when so much had been said and sent."""
        async with self.record.transaction():
            await self.record.execute("delete from publication where sequence > $1", last)
            await self.record.execute("delete from event where position > $1", last)
            await self.record.execute(
                "update relay_cursor set sequence = $1, stream_sequence = $1", last
            )

    def count(self, outcome: str) -> float:
        labels = {"service": TENANCY.name, "outcome": outcome}
        return self.registry.get_sample_value("xiaoneng_relay_reconciled_total", labels) or 0.0


def publication(id_: str, of_event: int, epoch: int, size: int) -> NewPublication:
    source = TENANCY.source_in(epoch)
    body = {"id": id_, "source": source, "sequence": f"{0:020d}", "data": "便民雨伞"}
    body["padding"] = "x" * max(0, size - len(json.dumps(body, ensure_ascii=False).encode()))
    text = json.dumps(body, ensure_ascii=False)
    mark = '"sequence": "'
    number_at = text.index(mark) + len(mark)
    return NewPublication(of_event=of_event, subject=SUBJECT, body=text, number_at=number_at)


async def until(
    condition: Callable[[], Awaitable[bool]], promise: str, seconds: float = DEADLINE
) -> None:
    """Wait until something is so, and name the promise that is broken if it never is."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                if await condition():
                    return
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"broken: {promise}") from None


async def tells(relay: Relay, code: str) -> Problem:
    """Wait until a relay names a problem."""
    found: list[Problem] = []

    async def named() -> bool:
        found[:] = [problem for problem in await relay.problems() if problem.code == code]
        return bool(found)

    await until(named, f"the operator is told of {code}")
    return found[0]


async def is_well(relay: Relay) -> None:
    """Wait until a relay has no problem."""

    async def well() -> bool:
        return not await relay.problems()

    await until(well, "nothing is wrong any more, and the relay says so")
