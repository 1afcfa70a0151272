"""How fast what was recorded comes to the stream, against publishing without a record."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime

import nats
from nats.aio.client import Client
from prometheus_client import CollectorRegistry

from bench.city import City, city
from bench.table import Figure, report
from bench.until import DEADLINE_SECONDS, until
from contracts.subjects import ours
from deploy.tenancies import ELECTRONIC_SUPERVISION
from kernel.bell import Ear
from kernel.bus import connect
from kernel.relay.metrics import RelayMetrics
from kernel.relay.relay import Relay
from kernel.relay.sending import Message, send
from kernel.store.events import NewEvent, NewPublication
from kernel.store.store import append

EVENTS = 20_000
SINGLES = 1_000
BATCH = 500
STREAM = "BENCH"
TYPE = "xiaoneng.supervision.deadline-breached.v1"
BEFORE = f'{{"source":"{ELECTRONIC_SUPERVISION.source_in(1)}","sequence":"'
AFTER = f'","text":"{"监察" * 85}"}}'
SENT = "select sequence from relay_cursor"


async def record(place: City, now: datetime) -> None:
    """Record events that say something each."""
    connection = await place.record()
    for first in range(0, EVENTS, BATCH):
        numbers = range(first, first + BATCH)
        events = [
            NewEvent(stream=f"case-{number}", id=str(number), type="Measured", data="{}")
            for number in numbers
        ]
        said = [
            NewPublication(
                of_event=index,
                subject=ours(TYPE, unit=f"unit-{number % 50}", key=str(number)),
                body=f"{BEFORE}{0:020d}{AFTER}",
                number_at=len(BEFORE),
            )
            for index, number in enumerate(numbers)
        ]
        await append(connection, events, now, publications=said)
    await connection.close()


async def relayed(place: City) -> float:
    """Return how many publications a second the relay sends."""
    pool = await place.pool(4)
    bus = await connect(place.access.nats_url, ELECTRONIC_SUPERVISION.name)
    metrics = RelayMetrics.on(CollectorRegistry())
    sender = Relay(pool, bus, ELECTRONIC_SUPERVISION, holder="bench", ear=Ear(), metrics=metrics)
    began = time.perf_counter()
    running = asyncio.create_task(sender.run())

    async def is_sent() -> bool:
        return bool(await pool.fetchval(SENT) == EVENTS)

    await until(is_sent)
    took = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await bus.close()
    await pool.close()
    return EVENTS / took


async def bare(bus: Client) -> tuple[float, float]:
    """Return messages/s in atomic batches, and one by one, each acknowledged."""
    config = {"name": STREAM, "subjects": ["bench.>"], "storage": "file", "allow_atomic": True}
    told = await bus.request(f"$JS.API.STREAM.CREATE.{STREAM}", json.dumps(config).encode())
    if "error" in json.loads(told.data):
        raise RuntimeError(told.data)
    began, last = time.perf_counter(), 0
    for number, batch in enumerate(_batches()):
        last = await send(bus, STREAM, batch, expected=last, batch_id=f"bench-{number}")
    middle = time.perf_counter()
    for message in (each for batch in _batches() for each in batch[: SINGLES * BATCH // EVENTS]):
        await bus.request(message.subject, message.body, timeout=DEADLINE_SECONDS)
    ended = time.perf_counter()
    return EVENTS / (middle - began), SINGLES / (ended - middle)


def _batches() -> Iterator[Sequence[Message]]:
    for first in range(0, EVENTS, BATCH):
        yield [
            Message(
                id=f"bench:{number}",
                subject=f"bench.{number}",
                body=f"{BEFORE}{number:020d}{AFTER}".encode(),
            )
            for number in range(first, first + BATCH)
        ]


async def measure(now: datetime) -> None:
    """Measure, and report."""
    async with city() as place:
        await record(place, now)
        ours_ = await relayed(place)
        bus = await nats.connect(place.bus)
        batched, singly = await bare(bus)
        await bus.close()
    unit = "messages/s"
    figures = [
        Figure(path="relay: publications to the stream", value=ours_, unit=unit, is_ours=True),
        Figure(path="bare atomic batches of 500", value=batched, unit=unit),
        Figure(path="one by one, each acknowledged", value=singly, unit=unit),
    ]
    report("relay", f"relay: {EVENTS:,} publications of 600 bytes", figures)
