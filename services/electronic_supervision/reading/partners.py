"""Partners as they stand: what each may say and hear, when it was heard, what was refused."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg

from kernel.database import borrowed, is_transient
from services.electronic_supervision.doors import rejections
from services.electronic_supervision.doors.partners import ShownPartner, shown_partners
from services.electronic_supervision.doors.rejections import Rejections
from services.electronic_supervision.doors.systems import systems
from services.electronic_supervision.house import House
from services.electronic_supervision.reading.sources import SourceState, source_states

WEEK = timedelta(days=7)
LOOK_SECONDS = 15.0
# what the bus brought can't be answered: it was held, whatever became of it since
HELD = """
select city_system.name as partner, code, count(*) as times, max(received_at) as last_at
from quarantine join city_system using (source)
where received_at > $1 group by city_system.name, code order by partner, times desc, code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerState:
    """A partner as it stands.

    `reports` is None for one that only reads, `agreed` for a system that has no keys of its own,
    such as one that we speak for. `refused` was answered over HTTP, `held` came by the bus; both
    are of the last seven days.
    """

    name: str
    reports: SourceState | None
    agreed: ShownPartner | None
    refused: Sequence[Rejections]
    held: Sequence[Rejections]


async def partner_states(connection: asyncpg.Connection, now: datetime) -> list[PartnerState]:
    """Return all partners, those that take part first; `now` (UTC) is when facts are noted."""
    limits = await systems(connection)
    reports = {
        each.system.name: replace(each, system=limits[each.system.name])
        for each in await source_states(connection, now)
    }
    agreed = await shown_partners(connection)
    refused = await rejections.since(connection, now)
    held = [Rejections(**row) for row in await connection.fetch(HELD, now - WEEK)]
    found = [
        PartnerState(
            name=name,
            reports=reports.get(name),
            agreed=agreed.get(name),
            refused=[each for each in refused if each.partner == name],
            held=[each for each in held if each.partner == name],
        )
        for name in sorted(reports.keys() | agreed.keys())
    ]
    return sorted(found, key=_is_gone)


def _is_gone(state: PartnerState) -> bool:
    return state.agreed is not None and state.agreed.revoked_at is not None


async def keep_heard(house: House) -> None:
    """Keep the metrics of when partners were last heard, by any process and door."""
    while True:
        try:
            async with borrowed(house.pool) as connection:
                for each in await source_states(connection, await house.now(connection)):
                    if each.heard_at is not None:
                        house.partners.heard(each.system.name, each.heard_at)
        except Exception as error:
            if not is_transient(error):
                raise
        await asyncio.sleep(LOOK_SECONDS)
