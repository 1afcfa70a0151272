"""The alerts that stand, as walls list them: filtered, sorted, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import asyncpg
from pydantic import StringConstraints, TypeAdapter

from kernel.web.paging import read_cursor, write_cursor
from services.electronic_supervision.reading.scope import Scope

PER_PAGE = 60
MOST_UNITS = 300
MOST_RULES = 300
LEVELS = {
    "red": ("red",),
    "yellow": ("yellow",),
    "reminder": ("reminder",),
    "lead": ("lead", "yellow-lead", "red-lead"),
}
"""What a wall tells apart, gravest first, and the levels behind it."""

ROWS = """
select id, source, number, item, is_ended, ended_at, is_provisional, measure, unit, unit_name,
       clock, level, withheld, hidden, due_at, fired_at, raised_at, is_registered, rule, message,
       closed_unit.code is not null as is_closed, closed_unit.successor, name, rank
from (
    select shown.*, case $7 when 'unit' then unit_name else '' end as name,
           case $7 when 'due' then extract(epoch from due_at)
                   when 'raised' then -extract(epoch from raised_at)
                   when 'gravity' then extract(epoch from due_at) - gravity * 10::numeric ^ 12
                   else -gravity end as rank
    from {alerts}
    where ($5::text[] is null or level = any($5)) and ($6 = '' or unit = $6)
          and ($12 = '' or rule = $12) and ($13::boolean is null or (clock = 'act') = $13)
) ranked left join closed_unit on closed_unit.code = ranked.unit
where $8::text is null or (name, rank, id) > ($8, $9::numeric, $10)
order by name, rank, id limit $11
"""
BY_LEVEL = """
select level, count(*) as count from {alerts}
where ($5 = '' or unit = $5) and ($6 = '' or rule = $6)
      and ($7::boolean is null or (clock = 'act') = $7)
group by level
"""
BY_UNIT = """
select unit, min(unit_name) as name, count(*) as count from {alerts}
where ($5::text[] is null or level = any($5)) and ($7 = '' or rule = $7)
      and ($8::boolean is null or (clock = 'act') = $8)
group by unit order by count desc, unit limit $6
"""
BY_RULE = """
select rule, count(*) as count from {alerts}
where ($5::text[] is null or level = any($5)) and ($6 = '' or unit = $6) and rule <> ''
      and ($8::boolean is null or (clock = 'act') = $8)
group by rule order by count desc, rule limit $7
"""


class Sort(StrEnum):
    """By what a wall is sorted: the gravest, the first due, the last raised, or by unit."""

    GRAVITY = "gravity"
    DUE = "due"
    RAISED = "raised"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a wall shows; "" and None let everything pass."""

    level: str = ""
    unit: str = ""
    source: str = ""
    is_ended: bool | None = False
    search: str = ""
    rule: str = ""
    of_acts: bool | None = None
    """Whether to show what broke a rule at once, or limits that run out."""
    sort: Sort = Sort.GRAVITY

    @property
    def levels(self) -> Sequence[str] | None:
        """Return the levels behind what the wall tells apart."""
        return LEVELS[self.level] if self.level else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What stands against a case: the gravest, and how many others it hides."""

    id: str
    source: str
    number: str
    item: str
    is_ended: bool
    ended_at: datetime | None
    is_provisional: bool
    measure: str
    unit: str
    unit_name: str
    clock: str
    level: str
    withheld: str
    hidden: int
    due_at: datetime
    fired_at: datetime
    raised_at: datetime
    is_registered: bool
    """Whether the register knows the unit."""
    rule: str
    message: str
    """What is wrong in words, where that is no limit."""
    is_closed: bool
    """Whether the unit is no more."""
    successor: str | None
    """Name of the unit that took over from a closed one, if one did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A page of alerts, the cursor of the next, and how many there are by level and unit."""

    alerts: Sequence[Alert]
    following: str | None
    by_level: Mapping[str, int]
    units: Sequence[tuple[str, str, int]]
    """Code, name and count, those with most first."""
    rules: Sequence[tuple[str, int]]
    """Id and count, those with most first."""


Text = Annotated[str, StringConstraints(max_length=400)]
KEY: TypeAdapter[tuple[Text, Decimal, Text]] = TypeAdapter(tuple[Text, Decimal, Text])


async def wall(
    connection: asyncpg.Connection,
    scope: Scope,
    filters: Filters,
    after: str | None,
    *,
    with_choices: bool,
) -> Wall:
    """Return a page of the wall, with choices only if wanted. Raises 400 `invalid-cursor`."""
    since = (None, None, None) if after is None else read_cursor(after, KEY)
    base = (scope.codes, filters.source, filters.is_ended, filters.search)
    about = (filters.rule, filters.of_acts)
    rows = await connection.fetch(
        scope.over_alerts(ROWS),
        *base,
        filters.levels,
        filters.unit,
        filters.sort,
        *since,
        PER_PAGE + 1,
        *about,
    )
    units = await connection.fetch(
        scope.over_alerts(BY_UNIT), *base, filters.levels, MOST_UNITS if with_choices else 0, *about
    )
    rules = await connection.fetch(
        scope.over_alerts(BY_RULE),
        *base,
        filters.levels,
        filters.unit,
        MOST_RULES if with_choices else 0,
        filters.of_acts,
    )
    shown = rows[:PER_PAGE]
    return Wall(
        alerts=[Alert(**{name: row[name] for name in Alert.__slots__}) for row in shown],
        following=_key(shown[-1]) if len(rows) > PER_PAGE else None,
        by_level=await counts(connection, scope, filters),
        units=[(row["unit"], row["name"], row["count"]) for row in units],
        rules=[(row["rule"], row["count"]) for row in rules],
    )


async def counts(
    connection: asyncpg.Connection, scope: Scope, filters: Filters
) -> Mapping[str, int]:
    """Count the alerts by what a wall tells apart; `filters.level` is left aside."""
    base = (scope.codes, filters.source, filters.is_ended, filters.search)
    about = (filters.unit, filters.rule, filters.of_acts)
    rows = await connection.fetch(scope.over_alerts(BY_LEVEL), *base, *about)
    found = {row["level"]: row["count"] for row in rows}
    return {kind: sum(found.get(each, 0) for each in levels) for kind, levels in LEVELS.items()}


def _key(row: asyncpg.Record) -> str:
    return write_cursor((row["name"], row["rank"], row["id"]))
