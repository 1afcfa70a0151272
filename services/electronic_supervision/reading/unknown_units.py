"""Units that city systems name and the city's register does not know: whose cases are nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

MOST = 200

# from code to code by the index: there are few, and a million cases
UNKNOWN = """
with recursive told (unit, source) as (
    (select unit, source from docket where unit <> '' order by unit, source limit 1)
    union all
    select next.unit, next.source from told cross join lateral (
        select unit, source from docket where (unit, source) > (told.unit, told.source)
        order by unit, source limit 1
    ) next
), unknown as (
    select told.source, told.unit as code from told
    where not exists (select from unit where code = unit_of(told.source, told.unit))
    limit $1
)
select unknown.source, unknown.code, coalesce(nullif(title, ''), name, unknown.source) as system,
       of_code.open, of_code.since, heard.recorded_at as heard_at
from unknown
left join city_system on city_system.source = unknown.source
cross join lateral (
    select count(*) as open, min(accepted_at) as since from docket
    where docket.unit = unknown.code and docket.source = unknown.source and not is_ended
) of_code
left join lateral (
    select recorded_at from event where position = (
        select max(heard) from docket
        where docket.unit = unknown.code and docket.source = unknown.source
    )
) heard on true
order by of_code.open desc, unknown.source, unknown.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownUnit:
    """A code by which a source calls a unit that the register does not know.

    `open` is how many cases it holds in hand, `since` when the oldest of those was accepted,
    `heard_at` when its source last told of one of its cases, ended ones too.
    """

    source: str
    code: str
    system: str
    open: int
    since: datetime | None
    heard_at: datetime | None


async def unknown_units(connection: asyncpg.Connection) -> Sequence[UnknownUnit]:
    """Return the units that nobody registered, MOST of them, those with most open cases first."""
    return [UnknownUnit(**row) for row in await connection.fetch(UNKNOWN, MOST)]
