"""What the tables of the catalogue tell of items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import asyncpg

from services.electronic_supervision.catalogue.tables import CONTENT
from services.electronic_supervision.domain.catalogue.catalogue import ItemVersion
from services.electronic_supervision.domain.catalogue.item_acts import ItemAlias
from services.electronic_supervision.domain.catalogue.item_content import ItemContent

# of an item that is yet to come, its first version; "" asks for any, and null for no limit
LIST = """
select * from (
    select i.code, i.since, i.withdrawn_from, v.first_day, v.number, v.is_backdated, v.content,
           u.name as unit_name, v.name, v.unit, v.nature, v.arrangement,
           case when i.since > $1 then 'coming'
                when i.withdrawn_from <= $1 then 'withdrawn' else 'current' end as standing
    from item i
    join lateral (
        select w.* from item_version w where w.item = i.code
        order by case when w.first_day <= $1 then w.first_day end desc nulls last, w.first_day
        limit 1
    ) v on true
    left join unit u on u.code = v.unit
) shown
where code > $2 and ($3 = '' or code = $3) and ($4 = '' or standing = $4)
  and ($5 = '' or unit = $5) and ($6 = '' or nature = $6) and ($7 = '' or arrangement = $7)
  and ($8 = '' or strpos(lower(code || ' ' || name), lower($8)) > 0)
order by code limit $9
"""
VERSIONS = """
select first_day, number, is_backdated, content from item_version where item = $1 order by first_day
"""
ALIASES = "select source, code from item_alias where item = $1 order by source, code"
UNITS = """
select distinct v.unit as code, u.name from item_version v left join unit u on u.code = v.unit
order by v.unit
"""


class Standing(StrEnum):
    """Whether an item is in the catalogue on a day."""

    CURRENT = "current"
    COMING = "coming"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which items are asked for; "" for any. `words` are looked for in code and name."""

    code: str = ""
    standing: str = ""
    unit: str = ""
    nature: str = ""
    arrangement: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item as it is on a day; `unit_name` is None if the register knows no such unit."""

    code: str
    since: date
    withdrawn_from: date | None
    first_day: date
    number: int
    is_backdated: bool
    standing: Standing
    unit_name: str | None
    content: ItemContent


async def items(
    connection: asyncpg.Connection,
    asked: Filter,
    *,
    day: date,
    after: str = "",
    limit: int | None = None,
) -> Sequence[ItemRow]:
    """Return items in order of their codes, those after one."""
    rows = await connection.fetch(
        LIST,
        day,
        after,
        asked.code,
        asked.standing,
        asked.unit,
        asked.nature,
        asked.arrangement,
        asked.words,
        limit,
    )
    return [_row(each) for each in rows]


async def item(connection: asyncpg.Connection, code: str, day: date) -> ItemRow | None:
    """Return an item as it is on a day, None if nobody ever published it."""
    rows = await items(connection, Filter(code=code), day=day)
    return rows[0] if rows else None


async def versions(connection: asyncpg.Connection, code: str) -> Sequence[ItemVersion]:
    """Return what an item was from which day on, in order."""
    return [
        ItemVersion(
            code=code,
            number=row["number"],
            effective_from=row["first_day"],
            content=CONTENT.validate_json(row["content"]),
        )
        for row in await connection.fetch(VERSIONS, code)
    ]


async def aliases(connection: asyncpg.Connection, code: str) -> Sequence[ItemAlias]:
    """Return what systems call an item."""
    rows = await connection.fetch(ALIASES, code)
    return [ItemAlias(source=row["source"], code=row["code"]) for row in rows]


async def current(connection: asyncpg.Connection, day: date) -> Sequence[ItemVersion]:
    """Return all items of a day."""
    return [
        ItemVersion(
            code=row.code, number=row.number, effective_from=row.first_day, content=row.content
        )
        for row in await items(connection, Filter(standing=Standing.CURRENT), day=day)
    ]


async def units(connection: asyncpg.Connection) -> Sequence[tuple[str, str]]:
    """Return the units that have, or had, items: code, and name if the register has it."""
    return [(row["code"], row["name"] or "") for row in await connection.fetch(UNITS)]


def _row(row: Any) -> ItemRow:
    return ItemRow(
        code=row["code"],
        since=row["since"],
        withdrawn_from=row["withdrawn_from"],
        first_day=row["first_day"],
        number=row["number"],
        is_backdated=row["is_backdated"],
        standing=Standing(row["standing"]),
        unit_name=row["unit_name"],
        content=CONTENT.validate_json(row["content"]),
    )
