"""Whether a deadline costs by what is due or by what is open."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import asyncpg

from bench.city import APPROVALS, city
from bench.court import BATCH, all_heard, copy, court, put
from bench.said import message
from bench.table import Figure, report
from contracts.streams import CITY
from deploy.tenancies import ELECTRONIC_SUPERVISION
from kernel.lease import acquire
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.hearing import docket_id
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.step import step
from services.electronic_supervision.loop.worker import PARTITIONS

DUE = 1_000
FEW, MANY = 10_000, 1_000_000
DOCKET = (
    *("id", "source", "number", "unit", "item", "is_ended"),
    *("heard", "position", "next_at", "calendar"),
)


def accepted(cases: int, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield the acceptances of open cases; DUE of them, evenly strewn, are long overdue."""
    limit = {"amount": 5, "unit": "working-days"}
    for number in range(cases):
        at = now - timedelta(days=60 if number % (cases // DUE) == 0 else 1)
        data = {"item": "construction-permit", "stated_limit": limit}
        case = f"WH-{number:08d}"
        yield message(case, "case-accepted", f"{case}-0", at, data)


async def dockets(connection: asyncpg.Connection, cases: int, now: datetime) -> None:
    """Put the cases into the dockets as judged before, with the instants they wait for."""
    version = court().office.calendar.version
    rows = iter(range(cases))
    while numbers := list(islice(rows, BATCH)):
        batch = []
        for number in numbers:
            case = f"WH-{number:08d}"
            waits = timedelta(seconds=-1) if number % (cases // DUE) == 0 else timedelta(days=9)
            id_ = docket_id(CaseKey(source=APPROVALS.source, number=case))
            kept = ("unit-01", "construction-permit", False, number + 1, number + 1)
            batch.append((id_, APPROVALS.source, case, *kept, now + waits, version))
        await copy(connection, "docket", DOCKET, batch)


async def judged_in(cases: int, now: datetime) -> float:
    """Return the seconds in which the due ones among so many open cases are judged."""
    async with city() as place:
        administrator = await place.administrator()
        await put(administrator, accepted(cases, now - timedelta(minutes=1)), now)
        await dockets(administrator, cases, now)
        await all_heard(administrator, now + timedelta(seconds=1))
        await administrator.execute("checkpoint")
        await administrator.close()
        connection = await place.record()
        source = ELECTRONIC_SUPERVISION.source_in(1)
        bench = Bench(court=court(), streams=(CITY,), source=source)
        began, judged = time.perf_counter(), 0
        for number in range(PARTITIONS):
            lease = await acquire(connection, f"loop-{number}", "bench")
            while lease and (done := await step(connection, number, lease, bench, now)).cases:
                judged += done.cases
        took = time.perf_counter() - began
        await connection.close()
        if judged != DUE:
            raise RuntimeError(f"{judged} cases were judged, not {DUE}")
        return took


async def measure(now: datetime, many: int = MANY) -> None:
    """Measure, and report."""
    figures = [
        Figure(
            path=f"{DUE:,} due among {cases:,} open cases",
            value=await judged_in(cases, now),
            unit="s",
            is_ours=cases == FEW,
        )
        for cases in (FEW, many)
    ]
    report("timers", "timers: the time to judge what is due", figures)
