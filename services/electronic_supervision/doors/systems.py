"""The city systems that may speak, and the source under which each does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

ALL = "select name, source, settle, title, rate, largest from city_system"
# what no connector has looked for yet, nobody can have told
LOOKED_THROUGH = """
select source, nullif(through, '-infinity') as through
from source_through where through < 'infinity'
"""
NEVER = datetime(1900, 1, 1, tzinfo=UTC)
ADD = """
insert into city_system (name, source, settle, title, rate, largest)
values ($1, $2, $3, $4, $5, $6)
on conflict (name) do update
set source = excluded.source, settle = excluded.settle, title = excluded.title,
    rate = excluded.rate, largest = excluded.largest
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySystem:
    """A system that reports its cases: `settle` is how late it may upload what it knows.

    `title` is what officials call it, "" if nobody said. It sends `rate` events a minute at most,
    and none of more than `largest` bytes; None is what everybody may.
    """

    name: str
    source: str
    settle: timedelta = timedelta()
    title: str = ""
    rate: int | None = None
    largest: int | None = None

    @property
    def words(self) -> str:
        """What to show of it."""
        return self.title or self.name


async def systems(connection: asyncpg.Connection) -> dict[str, CitySystem]:
    """Return all systems by name."""
    return {row["name"]: CitySystem(**row) for row in await connection.fetch(ALL)}


async def settles(connection: asyncpg.Connection) -> dict[str, timedelta]:
    """Return how late what each source knows may come, by source."""
    return {row["source"]: row["settle"] for row in await connection.fetch(ALL)}


async def looked_through(connection: asyncpg.Connection) -> dict[str, datetime]:
    """Return until when (UTC) what a source knows was read, of each that connectors read.

    That is when the last look began that was whole and succeeded: of several connectors the
    earliest, and NEVER before the first.
    """
    rows = await connection.fetch(LOOKED_THROUGH)
    return {row["source"]: row["through"] or NEVER for row in rows}


async def admit(connection: asyncpg.Connection, system: CitySystem) -> None:
    """Let a system speak, or change what is known of it."""
    await connection.execute(
        ADD,
        system.name,
        system.source,
        system.settle,
        system.title,
        system.rate,
        system.largest,
    )
