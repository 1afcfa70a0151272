"""Who may speak, when each was last heard, and what of it is missing or could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kernel.intake.numbering import Gap, gaps
from services.electronic_supervision.doors.systems import CitySystem

# what is held could not be read, but it was said
STATES = """
select name, source, settle, title, source_sequence.last as last_sequence,
       coalesce(held.count, 0) as held,
       greatest(held.last_at, (
           select recorded_at from event
           where position = (select max(heard) from docket where docket.source = system.source)
       )) as heard_at
from city_system system
left join source_sequence using (source)
left join (
    select source, count(*) as count, max(received_at) as last_at
    from quarantine where settled is null group by source
) held using (source)
order by name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A city system as it stands; `heard_at` and `last_sequence` are None before the first.

    `held` is how many of its messages wait in quarantine.
    """

    system: CitySystem
    heard_at: datetime | None
    last_sequence: int | None
    missing: Sequence[Gap]
    held: int


async def source_states(connection: asyncpg.Connection, now: datetime) -> list[SourceState]:
    """Return all systems by name; `now` (UTC) is the time by which facts are noted."""
    missing = await gaps(connection, now)
    return [
        SourceState(
            system=CitySystem(
                name=row["name"],
                source=row["source"],
                settle=row["settle"],
                title=row["title"],
            ),
            heard_at=row["heard_at"],
            last_sequence=row["last_sequence"],
            missing=[gap for gap in missing if gap.source == row["source"]],
            held=row["held"],
        )
        for row in await connection.fetch(STATES)
    ]
