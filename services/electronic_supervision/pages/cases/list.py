"""The cases as a list shows them: those told of last first, filtered, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import asyncpg
from pydantic import Field, TypeAdapter

from kernel.web.paging import read_cursor, write_cursor
from services.electronic_supervision.reading.newest import newest
from services.electronic_supervision.reading.scope import Scope

PER_PAGE = 50
NEWEST = 2**63 - 1
KEY: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=NEWEST)])


class State(StrEnum):
    """Which cases to list; `awaiting` are those with a lead that waits for the notice."""

    ALL = ""
    OPEN = "open"
    OVERDUE = "overdue"
    ENDED = "ended"
    LATE = "late"
    PROVISIONAL = "provisional"
    AWAITING = "awaiting"


# $6 is now, which only some conditions ask for
ASKED = """
($4 = '' or docket.source = $4) and ($5 = '' or strpos(lower(docket.number), lower($5)) > 0)
and $6::timestamptz is not null and {which}
"""
ROWS = """
select docket.id, docket.source, docket.number, docket.item, docket.is_ended, docket.is_late,
       docket.item <> '' as is_accepted, docket.is_provisional, docket.heard,
       docket.accepted_at, docket.ended_at, docket.due_at, docket.measure,
       coalesce(unit.name, docket.unit) as unit,
       unit.code is not null or docket.unit = '' as is_registered,
       closed_unit.code is not null as is_closed, closed_unit.successor,
       alert.level, alert.message,
       coalesce(nullif(city_system.title, ''), city_system.name) as system
from ({newest}) docket
left join unit_alias on (unit_alias.source, unit_alias.code) = (docket.source, docket.unit)
left join unit on unit.code = coalesce(unit_alias.unit, docket.unit)
left join closed_unit on closed_unit.code = unit.code
left join city_system on city_system.source = docket.source
left join alert on alert.docket = docket.id
order by docket.heard desc
"""
WHICH = {
    State.ALL: "true",
    State.OPEN: "not docket.is_ended",
    State.OVERDUE: "not docket.is_ended and docket.due_at < $6",
    State.ENDED: "docket.is_ended",
    State.LATE: "docket.is_ended and docket.is_late",
    State.PROVISIONAL: "not docket.is_ended and docket.is_provisional",
    State.AWAITING: """docket.id in (
        select alert.docket from alert where alert.withheld = 'provisional-date'
    )""",
}
"""A condition of its own for each, so that the planner can take an index made for it."""

SYSTEMS = """
select source, coalesce(nullif(title, ''), name) as name from city_system
where $1::text[] is null or source in (select teller from codes_of($1)) order by name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as a list shows it; `level` is that of the gravest judgement that stands."""

    id: str
    source: str
    system: str | None
    number: str
    item: str
    unit: str
    is_registered: bool
    is_closed: bool
    successor: str | None
    is_accepted: bool
    is_ended: bool
    accepted_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    measure: str
    is_provisional: bool
    is_late: bool | None
    level: str | None
    message: str | None
    """What is wrong in words, where what stands is about an act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of cases, the cursor of the next, and the systems by their sources."""

    cases: Sequence[CaseRow]
    following: str | None
    systems: Mapping[str, str]

    @staticmethod
    def cursor(rows: Sequence[asyncpg.Record]) -> str | None:
        """Return the cursor of the page that follows, where one row too many was fetched."""
        return write_cursor(rows[PER_PAGE - 1]["heard"]) if len(rows) > PER_PAGE else None


def place_of(after: str | None) -> int:
    """Return the place before which a page begins. Raises 400 `invalid-cursor`."""
    return NEWEST if after is None else read_cursor(after, KEY)


async def systems_of(connection: asyncpg.Connection, scope: Scope) -> Mapping[str, str]:
    """Return the names of the systems that may have told of cases, by their sources."""
    rows = await connection.fetch(SYSTEMS, scope.codes)
    return {row["source"]: row["name"] for row in rows}


async def listed(
    connection: asyncpg.Connection,
    scope: Scope,
    *,
    state: State,
    source: str,
    search: str,
    after: str | None,
    now: datetime,
) -> Listed:
    """Return a page of cases; "" lets everything pass. Raises 400 `invalid-cursor`."""
    before = place_of(after)
    asked = newest(scope, ASKED.replace("{which}", WHICH[state]))
    statement, base = ROWS.replace("{newest}", asked), (scope.codes, before, PER_PAGE + 1)
    rows = await connection.fetch(statement, *base, source, search, now)
    shown = rows[:PER_PAGE]
    return Listed(
        cases=[CaseRow(**{name: row[name] for name in CaseRow.__slots__}) for row in shown],
        following=Listed.cursor(rows),
        systems=await systems_of(connection, scope),
    )
