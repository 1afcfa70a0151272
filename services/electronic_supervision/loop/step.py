"""One step over a partition: facts in, deadlines reached, judgements out, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import asyncpg

from kernel.lease import Lease, check
from kernel.store.store import append
from services.electronic_supervision.domain.engine import Event
from services.electronic_supervision.doors.systems import looked_through
from services.electronic_supervision.loop.court import Court, Row
from services.electronic_supervision.loop.decide import Bench, Decision, decide
from services.electronic_supervision.loop.law import is_taken_up
from services.electronic_supervision.loop.tables import due, leave, load, project, save

BATCH = 500
AGAIN = timedelta(hours=1)
"""How long a case that our code fails on is left alone."""

TOUCHED = 5000

# until when everything that was said is in; null while a stream was never heard to its end
HORIZON = """
select case when count(*) = cardinality($1::text[]) then min(heard_through) end
from checkpoint where stream = any($1) and heard_through is not null
"""
# the ends of the indexes: to ask whether there is any row beyond, the planner reads whole tables
LOOK = """
select position, horizon,
       (select max(event.position) from event where partition_of(stream) = $1) > position
           is true as has_arrivals,
       (select min(next_at) from docket where partition_of(id) = $1) < horizon is true
           or exists (
               select from source_through
               where (select min(look_at) from docket
                      where partition_of(id) = $1 and docket.source = source_through.source)
                     < least(horizon, through)
           ) as has_due
from partition, (
    select case when count(*) = cardinality($2::text[]) then min(heard_through) end as horizon
    from checkpoint where stream = any($2) and heard_through is not null
) heard
where number = $1
"""
# whatever a fact is worth is told by all facts of its case: note only that it must be looked at
TOUCH = """
with arrived as (
    select position, stream, type, data, recorded_at from event
    where partition_of(stream) = $1 and position > $2 order by position limit $3
), told as (
    select stream, max(position) as heard, min(recorded_at) as at, min(data) as data
    from arrived where type like 'xiaoneng.%' group by stream
), noted as (
    select stream, min(recorded_at) as at
    from arrived where type in ('MessageQuarantined', 'MessageSettled') group by stream
), inserted as (
    insert into docket (
        id, source, number, unit, item, is_ended, heard, position, next_at, calendar
    )
    select stream, data::jsonb ->> 'source', data::jsonb #>> '{data,case}', '', '', false, heard, 0,
           at, ''
    from told
    on conflict (id) do update
    set next_at = least(docket.next_at, excluded.next_at), heard = excluded.heard
), woken as (
    update docket set next_at = least(next_at, at) from noted
    where id = noted.stream and not exists (select from told where told.stream = id)
)
update partition set position = (select max(position) from arrived)
where number = $1 and exists (select from arrived)
returning (select count(*) from arrived where type like 'xiaoneng.%') as facts
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What a step did; `lateness` is how long after its instant the latest case was judged.

    `stuck` is how many cases our code failed on.
    """

    facts: int = 0
    cases: int = 0
    stuck: int = 0
    events: tuple[Event, ...] = ()
    lateness: timedelta | None = None


async def horizon_of(connection: asyncpg.Connection, streams: Sequence[str]) -> datetime | None:
    """Return until when everything that was said on some streams is in, None if nobody knows."""
    horizon: datetime | None = await connection.fetchval(HORIZON, streams)
    return horizon


async def informed(connection: asyncpg.Connection, court: Court) -> Court:
    """Return a court that knows how far connectors have looked."""
    return replace(court, looks=await looked_through(connection))


async def step(
    connection: asyncpg.Connection, number: int, lease: Lease, bench: Bench, now: datetime
) -> Stepped:
    """Take in what arrived in a partition, and judge what has become due; `now` is written down.

    It did nothing if there was nothing to do, and then there is none for a while. Raises
    kernel.lease.LeaseLostError, and then nothing was done.
    """
    (look,) = await connection.fetch(LOOK, number, bench.streams)
    if not look["has_arrivals"] and not look["has_due"]:
        return Stepped()
    async with connection.transaction():
        await check(connection, lease)
        if not await is_taken_up(connection, bench.court):
            return Stepped()
        facts = await connection.fetchval(TOUCH, number, look["position"], TOUCHED)
        horizon = look["horizon"]
        waiting = await due(connection, number, horizon, BATCH) if horizon else []
        bench = replace(bench, court=await informed(connection, bench.court)) if waiting else bench
        events, stuck = await _judge(connection, waiting, bench, horizon, now)
    lateness = max((horizon - row.next_at for row in waiting if row.next_at), default=None)
    return Stepped(
        facts=facts or 0, cases=len(waiting), stuck=stuck, events=events, lateness=lateness
    )


async def _judge(
    connection: asyncpg.Connection,
    waiting: Sequence[Row],
    bench: Bench,
    horizon: datetime,
    now: datetime,
) -> tuple[tuple[Event, ...], int]:
    """Judge what waits; return what was said, and how many cases our code failed on."""
    if not waiting:
        return (), 0
    events = await load(connection, [row.id for row in waiting])
    by_case = {stream: list(told) for stream, told in groupby(events, attrgetter("stream"))}
    decided = [decide(row, by_case[row.id], bench, horizon, now) for row in waiting]
    stuck = [row.id for row, each in zip(waiting, decided, strict=True) if each is None]
    done = [each for each in decided if each is not None]
    if stuck:
        await leave(connection, stuck, horizon + AGAIN)
    await save(connection, [each.row for each in done])
    said = [each for decision in done for each in decision.said]
    if said:
        await project(connection, said)
        await _append(connection, done, bench, now)
    return tuple(each.event for each in said), len(stuck)


async def _append(
    connection: asyncpg.Connection, done: Sequence[Decision], bench: Bench, now: datetime
) -> None:
    parts = [part for decision in done for part in decision.parts]
    publications = [replace(said, of_event=index) for index, (_, said) in enumerate(parts)]
    events = [event for event, _ in parts]
    await append(connection, events, now, publications=publications, epoch=bench.epoch)
