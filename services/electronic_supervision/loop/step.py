"""One step over a partition: facts in, deadlines reached, judgements out, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from kernel.lease import Lease, check
from kernel.store.events import NewEvent, NewPublication
from kernel.store.store import append
from services.electronic_supervision.domain.engine import Event
from services.electronic_supervision.loop.court import Court, Row, Ruling, rule
from services.electronic_supervision.loop.tables import Said, due, load, project, save
from services.electronic_supervision.publish import say
from services.electronic_supervision.record import own_event, records

BATCH = 500
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
       (select min(next_at) from docket where partition_of(id) = $1) < horizon
           is true as has_due
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
class Bench:
    """What a loop works with: its court, whose facts it waits for, and as whom it speaks."""

    court: Court
    streams: Sequence[str]
    source: str
    epoch: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What a step did; `lateness` is how long after its instant the latest case was judged."""

    facts: int = 0
    cases: int = 0
    events: tuple[Event, ...] = ()
    lateness: timedelta | None = None


async def horizon_of(connection: asyncpg.Connection, streams: Sequence[str]) -> datetime | None:
    """Return until when everything that was said on some streams is in, None if nobody knows."""
    horizon: datetime | None = await connection.fetchval(HORIZON, streams)
    return horizon


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
        facts = await connection.fetchval(TOUCH, number, look["position"], TOUCHED)
        horizon = look["horizon"]
        waiting = await due(connection, number, horizon, BATCH) if horizon else []
        events = await _judge(connection, waiting, bench, horizon, now)
    lateness = max((horizon - row.next_at for row in waiting if row.next_at), default=None)
    return Stepped(facts=facts or 0, cases=len(waiting), events=events, lateness=lateness)


async def _judge(
    connection: asyncpg.Connection,
    waiting: Sequence[Row],
    bench: Bench,
    horizon: datetime,
    now: datetime,
) -> tuple[Event, ...]:
    if not waiting:
        return ()
    found = records(await load(connection, [row.id for row in waiting]))
    rulings = [
        ruling
        for row in waiting
        if (ruling := rule(row.id, found[row.id], row, bench.court, horizon)) is not None
    ]
    await save(connection, [ruling.row for ruling in rulings])
    said = [Said(docket=r.row.id, event=event, at=now) for r in rulings for event in r.events]
    if said:
        await project(connection, said)
        await _append(connection, rulings, bench, now)
    return tuple(each.event for each in said)


async def _append(
    connection: asyncpg.Connection, rulings: Sequence[Ruling], bench: Bench, now: datetime
) -> None:
    events: list[NewEvent] = []
    publications: list[NewPublication] = []
    for ruling in rulings:
        for count, happened in enumerate(ruling.events, ruling.record.changes):
            event = own_event(ruling.row.id, happened, str(count))
            publications.append(
                say(
                    happened,
                    event_id=event.id,
                    of_event=len(events),
                    source=bench.source,
                    key=ruling.key,
                    record=ruling.record,
                    unit=ruling.row.unit,
                    office=bench.court.office,
                    now=now,
                )
            )
            events.append(event)
    await append(connection, events, now, publications=publications, epoch=bench.epoch)
