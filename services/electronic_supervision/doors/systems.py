"""The city systems that may speak, and the source under which each does."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

ALL = "select name, source, settle, title, rate, largest from city_system"
# what a connector has not looked for yet, nobody can have told
SETTLES = """
select source, greatest(settle, (
    select max(every) from connector where connector.source = city_system.source
)) as settle
from city_system
"""
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
    """Return how late what each source knows may come, by source: at least as a connector looks."""
    return {row["source"]: row["settle"] for row in await connection.fetch(SETTLES)}


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
