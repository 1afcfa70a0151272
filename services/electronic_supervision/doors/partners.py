"""What pages show of partners; the record of access decides, and tells it here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

PUT = """
insert into partner (name, title, subscribes, units, durable, has_keys, added_at, revoked_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (name) do update set
    title = excluded.title, subscribes = excluded.subscribes, units = excluded.units,
    durable = excluded.durable, has_keys = excluded.has_keys, added_at = excluded.added_at,
    revoked_at = excluded.revoked_at
"""
ALL = """
select name, title, subscribes, units, durable, has_keys, added_at, revoked_at from partner
"""


REVOKED = "select exists (select from partner where name = $1 and revoked_at is not null)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPartner:
    """A partner as officials see it: what it hears, of which units (none: all), with what keys."""

    name: str
    title: str
    subscribes: Sequence[str]
    units: Sequence[str]
    durable: bool
    has_keys: bool
    added_at: datetime
    revoked_at: datetime | None


async def shown_as(
    connection: asyncpg.Connection,
    *,
    name: str,
    title: str,
    subscribes: Sequence[str],
    units: Sequence[str],
    durable: bool,
    has_keys: bool,
    added_at: datetime,
    revoked_at: datetime | None,
) -> None:
    """Keep what is shown of a partner."""
    lists = (list(subscribes), list(units))
    await connection.execute(PUT, name, title, *lists, durable, has_keys, added_at, revoked_at)


async def shown_partners(connection: asyncpg.Connection) -> dict[str, ShownPartner]:
    """Return all partners by name."""
    return {row["name"]: ShownPartner(**row) for row in await connection.fetch(ALL)}


async def is_revoked(connection: asyncpg.Connection, name: str) -> bool:
    """Tell whether a partner takes part no more, so that nobody may speak for it either."""
    found: bool = await connection.fetchval(REVOKED, name)
    return found
