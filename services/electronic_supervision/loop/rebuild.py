"""Make the tables of the loop anew from the record: they hold nothing that is not in it."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import asyncpg
from pydantic_core import from_json

from contracts.registry import PUBLISHED
from kernel.lease import Lease, acquire, check, release
from kernel.store.events import StoredEvent
from services.electronic_supervision.domain.engine import JudgementRaised, JudgementSuperseded
from services.electronic_supervision.loop.court import Court, Row, Ruling, rule, settled_through
from services.electronic_supervision.loop.step import horizon_of, informed
from services.electronic_supervision.loop.tables import Said, insert, project
from services.electronic_supervision.loop.worker import PARTITIONS
from services.electronic_supervision.record import CODEC, records

LOG = logging.getLogger(__name__)

BATCH = 2_000  # more at a time, and the collector of garbage walks them all again and again
LONG = timedelta(hours=1)

BY_CASE = """
select position, stream, version, id, type, data, metadata, recorded_at, hash
from event where (stream, version) > ($1, $2) order by stream, version limit $3
"""
CLEAR = "truncate docket, judgement, alert"
DONE = "update partition set position = (select coalesce(max(position), 0) from event)"
JUDGEMENTS = {JudgementRaised.__name__, JudgementSuperseded.__name__}


class StillJudgingError(Exception):
    """A worker holds a partition; the message names its lease."""


async def rebuild(
    connection: asyncpg.Connection,
    court: Court,
    streams: tuple[str, ...],
    holder: str,
    told: Callable[[int], None] = lambda _: None,
) -> int:
    """Make the tables anew, all or nothing, and return how many facts they are made of.

    No worker may be running: raises StillJudgingError. `told` hears how many events were read. A
    case that is not as it was judged is left to the loop, which says what changed.
    """
    leases = [await _taken(connection, number, holder) for number in range(PARTITIONS)]
    facts = read = 0
    try:
        async with connection.transaction():
            for lease in leases:
                await check(connection, lease)
            await connection.execute(CLEAR)
            horizon = await horizon_of(connection, streams)
            court = await informed(connection, court)
            async for batch in _whole_cases(connection):
                facts += await _make(connection, batch, court, horizon)
                told(read := read + len(batch))
            await connection.execute(DONE)
    finally:
        for lease in leases:
            await release(connection, lease)
    return facts


async def _taken(connection: asyncpg.Connection, number: int, holder: str) -> Lease:
    lease = await acquire(connection, f"loop-{number}", holder, LONG)
    if lease is None:
        raise StillJudgingError(f"loop-{number}")
    return lease


async def _whole_cases(connection: asyncpg.Connection) -> AsyncIterator[list[StoredEvent]]:
    """Yield all events case by case, none of them cut in two."""
    stream, version = "", 0
    left: list[StoredEvent] = []
    while rows := await connection.fetch(BY_CASE, stream, version, BATCH):
        events = left + [StoredEvent(**row) for row in rows]
        stream, version = rows[-1]["stream"], rows[-1]["version"]
        yield [event for event in events if event.stream != stream]
        left = [event for event in events if event.stream == stream]
    yield left


async def _make(
    connection: asyncpg.Connection,
    events: list[StoredEvent],
    court: Court,
    horizon: datetime | None,
) -> int:
    cases = [list(told) for _, told in groupby(events, attrgetter("stream"))]
    kept = [row for told in cases if (row := _row(told, court, horizon)) is not None]
    await insert(connection, kept)
    await project(connection, [said for event in events for said in _said(event)])
    return sum(event.type in PUBLISHED for event in events)


def _row(
    told: Sequence[StoredEvent], court: Court, horizon: datetime | None
) -> tuple[Row, int] | None:
    """Return what is kept of a case; what our code fails on is left to the loop, which says so."""
    stream = told[0].stream
    if not any(event.type in PUBLISHED for event in told):
        return None  # no case: an item of the catalogue, a look
    try:
        ruling = rule(stream, records(told)[stream], None, court, horizon)
        return None if ruling is None else _kept(ruling, court, horizon)
    except Exception as error:
        LOG.exception("case not judged", extra={"docket": stream}, exc_info=error)
        return _bare(told, horizon)


def _bare(told: Sequence[StoredEvent], horizon: datetime | None) -> tuple[Row, int] | None:
    facts = [event for event in told if event.type in PUBLISHED]
    if not facts:
        return None
    said = from_json(facts[0].data)
    row = Row(
        id=facts[0].stream,
        source=said["source"],
        number=said["data"]["case"],
        unit="",
        item="",
        is_ended=False,
        position=0,
        next_at=horizon or facts[0].recorded_at,
        calendar="",
    )
    return row, facts[-1].position


def _kept(ruling: Ruling, court: Court, horizon: datetime | None) -> tuple[Row, int]:
    """Leave to the loop what should be said of a case, and news that its source may add to."""
    row, record = ruling.row, ruling.record
    settle = court.settle.get(ruling.key.source, timedelta())
    known = court.known_through(ruling.key.source, horizon) if horizon else None
    through = settled_through(record, settle, known)
    if ruling.events or through < record.heard[-1][0]:
        row = replace(row, position=through, next_at=horizon or row.next_at)
    return row, record.told[-1].position


def _said(event: StoredEvent) -> Iterator[Said]:
    if event.type in JUDGEMENTS:
        happened = CODEC.decode(event.type, event.data)
        if isinstance(happened, JudgementRaised | JudgementSuperseded):
            yield Said(docket=event.stream, event=happened, at=event.recorded_at)
