"""Supervision by the whole rule set, JetStream to judgements committed, against less."""

import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

import asyncpg
import nats

from bench.city import City, city
from bench.plain import TABLE
from bench.said import EVENTS_A_CASE, conversation
from bench.stream import bare_fetch, fill
from bench.table import Figure, report
from bench.until import until
from services.electronic_supervision.loop.worker import PARTITIONS
from services.electronic_supervision.rules.keep import bring_shipped

EVENTS = 50_000
PLAIN_EVENTS = 5_000

APART = (("intake",), ("loop",))
TOGETHER = (("intake", "loop"),)
TWICE = (("intake", "loop"), ("intake", "loop"))

ENACTED_BEFORE = timedelta(days=90)

LAST = "select coalesce(max(position), 0) from event"
HEARD = "select count(*) from event where type like 'xiaoneng.%'"
UNJUDGED = """
select exists (select from docket where position < heard)
    or exists (select from event e, partition p
               where p.number = partition_of(e.stream) and e.position > p.position)
"""
# from the moment at which the first batch was received
TOOK = """
select extract(epoch from clock_timestamp() - min(recorded_at))
from event where type like 'xiaoneng.%'
"""
JUDGEMENTS = "select count(*) from judgement"
PLAIN = "select count(*) from plain"


async def ours(now: datetime, events: int, processes: Sequence[Sequence[str]]) -> tuple[float, int]:
    """Return events/s judged, and how many judgements there were."""
    async with city() as place:
        bus = await nats.connect(place.bus)
        await fill(bus, "CITY", conversation(events // EVENTS_A_CASE, now))
        await bus.close()
        await _enact(place, now)
        with ExitStack() as stack:
            for parts in processes:
                share = PARTITIONS // len(processes) if "intake" in parts else PARTITIONS
                stack.enter_context(place.running(*parts, share=share))
            connection = await place.record()
            await _settled(connection, events)
            took = float(await connection.fetchval(TOOK))
            raised = await connection.fetchval(JUDGEMENTS)
            await connection.close()
    return events / took, raised


async def _enact(place: City, now: datetime) -> None:
    """Let the whole rule set of the release judge all that is said."""
    connection = await place.record()
    await bring_shipped(connection, now, (now - ENACTED_BEFORE).date())
    await connection.close()


async def _settled(connection: asyncpg.Connection, events: int) -> None:
    """Return once every fact is in and every case with news was judged."""

    async def is_settled() -> bool:
        if await connection.fetchval(LAST) < events:
            return False
        heard = await connection.fetchval(HEARD) == events
        return heard and not await connection.fetchval(UNJUDGED)

    await until(is_settled)


async def limits(now: datetime, events: int) -> tuple[float, float]:
    """Return events/s of reading and acknowledging alone, and of the plain handler."""
    async with city() as place:
        bus = await nats.connect(place.bus)
        await fill(bus, "CITY", conversation(events // EVENTS_A_CASE, now))
        bare = await bare_fetch(bus, events)
        await bus.close()
        return bare, await _plain(place, min(events, PLAIN_EVENTS))


async def _plain(place: City, events: int) -> float:
    connection = await place.administrator()
    await connection.execute(TABLE)
    command = ["-m", "bench.plain", place.bus, place.server.url()]
    process = await asyncio.create_subprocess_exec(sys.executable, *command)

    async def heard(count: int) -> bool:
        return bool(await connection.fetchval(PLAIN) >= count)

    try:
        await until(lambda: heard(1))
        first, began = await connection.fetchval(PLAIN), time.perf_counter()
        await until(lambda: heard(events))
        last, ended = await connection.fetchval(PLAIN), time.perf_counter()
    finally:
        process.terminate()
        await process.wait()
        await connection.close()
    return float((last - first) / (ended - began))


async def measure(now: datetime, events: int = EVENTS) -> None:
    """Measure all paths and report."""
    apart, raised = await ours(now, events, APART)
    together, _ = await ours(now, events, TOGETHER)
    twice, _ = await ours(now, events, TWICE)
    bare, plain = await limits(now, events)
    figures = [
        Figure(
            path="xiaoneng, intake and loop apart",
            value=apart,
            unit="events/s",
            is_ours=True,
            note=f"{raised:,} judgements",
        ),
        Figure(path="xiaoneng, intake and loop in one", value=together, unit="events/s"),
        Figure(path="xiaoneng, two processes of both", value=twice, unit="events/s"),
        Figure(path="bare nats-py: fetch(500), ack", value=bare, unit="events/s"),
        Figure(path="plain FastStream handler, a commit a message", value=plain, unit="events/s"),
    ]
    title = f"supervise: {events:,} events from the stream to judgements committed"
    report("supervise", title, figures)
