"""The tables that the loop alone writes: dockets with their timers, and judgements that stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

import asyncpg

from kernel.store.events import StoredEvent
from services.electronic_supervision.domain.engine import (
    Event,
    JudgementRaised,
    JudgementSuperseded,
)
from services.electronic_supervision.loop.court import Row

OF_STREAMS = """
select position, stream, version, id, type, data, metadata, recorded_at, hash
from event where stream = any($1) order by stream, version
"""
DUE = """
select id, source, number, unit, item, is_ended, position, next_at, calendar, law
from docket where partition_of(id) = $1 and next_at < $2 order by next_at limit $3
"""
LOOKED_FOR = """
select id, docket.source, number, unit, item, is_ended, position, next_at, calendar, law,
       look_at
from source_through join docket using (source)
where partition_of(id) = $1 and look_at < least($2, through) and (next_at < $2) is not true
order by look_at limit $3
"""
SAVE = """
update docket
set unit = kept.unit, item = kept.item, is_ended = kept.is_ended, position = kept.position,
    next_at = kept.next_at, calendar = kept.calendar, accepted_at = kept.accepted_at,
    ended_at = kept.ended_at, due_at = kept.due_at, measure = kept.measure,
    is_provisional = kept.is_provisional,
    is_late = kept.is_late, law = kept.law, look_at = kept.look_at, is_stuck = false
from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::bigint[], $6::timestamptz[],
            $7::text[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[],
            $12::boolean[], $13::boolean[], $14::bigint[], $15::timestamptz[])
     as kept(id, unit, item, is_ended, position, next_at, calendar, accepted_at, ended_at, due_at,
             measure, is_provisional, is_late, law, look_at)
where docket.id = kept.id
"""
RAISE = """
insert into judgement (
    id, docket, clock, level, unit, due_at, fired_at, withheld, raised_at, stands, rule, message
)
select *
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
            $7::timestamptz[], $8::text[], $9::timestamptz[], $10::boolean[], $11::text[],
            $12::text[])
on conflict (id) do update
set unit = excluded.unit, withheld = excluded.withheld, stands = excluded.stands,
    raised_at = excluded.raised_at, rule = excluded.rule, message = excluded.message
"""
STALE = """
update docket
set next_at = coalesce((select min(heard_through) from checkpoint), clock_timestamp())
where partition_of(id) = $1 and calendar <> $2 and calendar <> ''
"""
LEAVE = "update docket set is_stuck = true, next_at = $2 where id = any($1)"
LIFT = "update judgement set stands = false where id = any($1)"
CALM = """
delete from alert where docket = any($1)
and not exists (select from judgement where judgement.docket = alert.docket and stands)
"""
ALERT = """
insert into alert (
    docket, judgement, clock, level, unit, due_at, fired_at, raised_at, withheld, hidden, rule,
    message
)
select distinct on (docket) docket, id, clock, level, unit, due_at, fired_at, raised_at, withheld,
       count(*) over (partition by docket) - 1, rule, message
from judgement where stands and docket = any($1)
order by docket, gravity(level) desc, fired_at desc, id
on conflict (docket) do update
set judgement = excluded.judgement, clock = excluded.clock, level = excluded.level,
    unit = excluded.unit, due_at = excluded.due_at, fired_at = excluded.fired_at,
    raised_at = excluded.raised_at, withheld = excluded.withheld, hidden = excluded.hidden,
    rule = excluded.rule, message = excluded.message
"""


async def load(connection: asyncpg.Connection, streams: Sequence[str]) -> list[StoredEvent]:
    """Return all events of some cases, those of each in order."""
    return [StoredEvent(**row) for row in await connection.fetch(OF_STREAMS, streams)]


async def due(
    connection: asyncpg.Connection, number: int, horizon: datetime, limit: int
) -> list[Row]:
    """Return what is kept of the cases of a partition that wait for an instant before `horizon`.

    Those that have waited longest come first; then those that connectors have looked for by now.
    """
    rows = await connection.fetch(DUE, number, horizon, limit)
    if left := limit - len(rows):
        rows += await connection.fetch(LOOKED_FOR, number, horizon, left)
    return [Row(**row) for row in rows]


async def save(connection: asyncpg.Connection, kept: Sequence[Row]) -> None:
    """Keep what is to be kept of cases, and when to look at them again."""
    await connection.execute(
        SAVE,
        [row.id for row in kept],
        [row.unit for row in kept],
        [row.item for row in kept],
        [row.is_ended for row in kept],
        [row.position for row in kept],
        [row.next_at for row in kept],
        [row.calendar for row in kept],
        [row.accepted_at for row in kept],
        [row.ended_at for row in kept],
        [row.due_at for row in kept],
        [row.measure for row in kept],
        [row.is_provisional for row in kept],
        [row.is_late for row in kept],
        [row.law for row in kept],
        [row.look_at for row in kept],
    )


async def leave(connection: asyncpg.Connection, ids: Sequence[str], until: datetime) -> None:
    """Leave cases that our code fails on alone until an instant, or until more is told of them."""
    await connection.execute(LEAVE, ids, until)


async def wake_stale(connection: asyncpg.Connection, partition: int, version: str) -> None:
    """Have every case looked at again that was judged by another version of the calendar.

    It may move any end that is still ahead, or was a guess.
    """
    await connection.execute(STALE, partition, version)


async def insert(connection: asyncpg.Connection, kept: Sequence[tuple[Row, int]]) -> None:
    """Keep cases that are not kept yet, each with the position of the last fact told of it."""
    await connection.copy_records_to_table(
        "docket",
        columns=[*Row.__slots__, "heard"],
        records=[(*(getattr(row, name) for name in Row.__slots__), heard) for row, heard in kept],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event of a docket's judgements, and when it was recorded."""

    docket: str
    event: Event
    at: datetime

    @property
    def judgement(self) -> str:
        """The id of the judgement it is about."""
        match self.event:
            case JudgementRaised(judgement=judgement):
                return judgement.id
            case JudgementSuperseded(judgement=id_):
                return id_
            case _:
                assert_never(self.event)


async def project(connection: asyncpg.Connection, said: Iterable[Said]) -> None:
    """Bring judgements and alerts up to date; the events of each docket come in order."""
    dockets: set[str] = set()
    raised: dict[str, tuple[Said, JudgementRaised]] = {}
    stands: dict[str, bool] = {}
    for each in said:
        dockets.add(each.docket)
        stands[each.judgement] = isinstance(each.event, JudgementRaised)
        if isinstance(each.event, JudgementRaised):
            raised[each.judgement] = (each, each.event)
    if lifted := [id_ for id_ in stands if id_ not in raised]:
        await connection.execute(LIFT, lifted)
    if raised:
        await connection.execute(
            RAISE,
            list(raised),
            [each.docket for each, _ in raised.values()],
            [event.judgement.clock for _, event in raised.values()],
            [event.judgement.level.value for _, event in raised.values()],
            [event.evidence.unit for _, event in raised.values()],
            [event.judgement.due_at for _, event in raised.values()],
            [event.evidence.fired_at for _, event in raised.values()],
            [event.evidence.withheld for _, event in raised.values()],
            [each.at for each, _ in raised.values()],
            [stands[id_] for id_ in raised],
            [event.judgement.rule for _, event in raised.values()],
            [event.evidence.message for _, event in raised.values()],
        )
    if dockets:
        await connection.execute(ALERT, list(dockets))
        await connection.execute(CALM, list(dockets))
