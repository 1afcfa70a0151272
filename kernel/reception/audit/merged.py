"""The acts of all services in one list, the latest first, each exactly once however it is paged."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.database import borrowed
from kernel.store.acts import Act, Ledger, Wanted, acts

LAST = 2**63 - 1
BATCH = 500

Place = tuple[datetime, str, int]
"""Where an act stands: when it was recorded, in which ledger, at which position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act and the ledger that keeps it."""

    ledger: Ledger
    act: Act

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.act.recorded_at, self.ledger.name, self.act.position


async def merged(
    ledgers: Sequence[Ledger], wanted: Wanted, *, before: Place | None, limit: int
) -> list[Entry]:
    """Return the latest acts of all ledgers, those before a place only."""
    found: list[Entry] = []
    for ledger in ledgers:
        async with borrowed(ledger.pool) as connection:
            told = await acts(connection, wanted, before=_before(ledger, before), limit=limit)
        found += [Entry(ledger=ledger, act=act) for act in told]
    return sorted(found, key=lambda entry: entry.place, reverse=True)[:limit]


async def each(ledgers: Sequence[Ledger], wanted: Wanted, *, most: int) -> AsyncIterator[Entry]:
    """Yield the acts of all ledgers from the latest on, as many as `most`."""
    before, left = None, most
    while left and (found := await merged(ledgers, wanted, before=before, limit=min(left, BATCH))):
        for entry in found:
            yield entry
        before, left = found[-1].place, left - len(found)


def _before(ledger: Ledger, place: Place | None) -> tuple[datetime, int] | None:
    """Return where to go on in one ledger; at the same instant ledgers follow by their names."""
    if place is None:
        return None
    at, name, position = place
    if ledger.name == name:
        return at, position
    return at, LAST if ledger.name < name else 0
