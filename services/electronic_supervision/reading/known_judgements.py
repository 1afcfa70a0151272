"""The judgements that stood by what was known at an instant."""

from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg

from services.electronic_supervision.reading.scope import Scope

LAST = (datetime(9999, 1, 1, tzinfo=UTC), "~")
# what the record had said of each judgement until then; whose it is, is told by today's names
KNOWN = """
with last as (
    select distinct on (judgement) judgement, type, data, recorded_at
    from (
        select position, type, data::jsonb as data, recorded_at,
               coalesce(data::jsonb #>> '{judgement,id}', data::jsonb ->> 'judgement') as judgement
        from event
        where type in ('JudgementRaised', 'JudgementSuperseded') and recorded_at <= $6
    ) said
    order by judgement, position desc
), known as (
    select judged.id, judged.case, source, number, clock, level, due, judged.of_unit,
           data #>> '{evidence,unit}' as unit,
           (data #>> '{evidence,fired_at}')::timestamptz as fired_at,
           data #>> '{evidence,withheld}' as withheld, last.recorded_at as raised_at,
           true as stands, judged.rule, data #>> '{evidence,message}' as message
    from last join judged on judged.id = last.judgement where last.type = 'JudgementRaised'
)
select * from known
where (raised_at, id) < ($2, $3) and ($4::text[] is null or level = any($4))
and ($1::text[] is null or unit = any(called($1)) and of_unit = any($1))
order by raised_at desc, id desc limit $5
"""


async def known_judgements(
    connection: asyncpg.Connection,
    scope: Scope,
    known_at: datetime,
    levels: Sequence[str] | None,
    before: tuple[datetime, str],
    limit: int,
) -> list[asyncpg.Record]:
    """Return what stood at an instant, of some levels (None for any), the latest raised first."""
    return await connection.fetch(KNOWN, scope.codes, *before, levels, limit, known_at)
