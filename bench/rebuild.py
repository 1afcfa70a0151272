"""How fast the tables of the loop are made anew from the record."""

import time
from datetime import datetime, timedelta

from bench.city import city
from bench.court import all_heard, court, put
from bench.said import EVENTS_A_CASE, conversation
from bench.table import Figure, report
from contracts.streams import CITY
from kernel.store.store import read
from services.electronic_supervision.loop.rebuild import rebuild

FACTS = 100_000


async def measure(now: datetime, facts: int = FACTS) -> None:
    """Measure, and report."""
    async with city() as place:
        connection = await place.administrator()
        await put(connection, conversation(facts // EVENTS_A_CASE, now), now)
        await all_heard(connection, now + timedelta(seconds=1))
        began = time.perf_counter()
        async for _ in read(connection):
            pass
        middle = time.perf_counter()
        made = await rebuild(connection, court(), (CITY,), "bench")
        ended = time.perf_counter()
        await connection.close()
    figures = [
        Figure(path="loop.rebuild", value=made / (ended - middle), unit="facts/s", is_ours=True),
        Figure(path="read the record", value=facts / (middle - began), unit="facts/s"),
    ]
    report("rebuild", f"rebuild: {facts:,} facts to dockets and judgements", figures)
