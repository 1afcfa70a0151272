"""A record with something in it: units of the city are registered, and closed again."""

from datetime import UTC, datetime

import asyncpg

from contracts.organisation import UnitClosed
from contracts.subjects import ours
from contracts.wire import compose
from kernel.publishing import UNNUMBERED, publication
from kernel.store.events import CommandKey, NewEvent, NewPublication
from kernel.store.store import append
from services.evaluation.tenancy import TENANCY as EVALUATION

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def closing(unit: str, epoch: int = 1) -> NewPublication:
    event = compose(
        UnitClosed(unit=unit, effective_from=NOW.date()),
        event_id=unit,
        source=EVALUATION.source_in(epoch),
        subject=unit,
        time=NOW,
        recordedtime=NOW,
        sequence=UNNUMBERED,
        partitionkey=unit,
        correlationid=unit,
    )
    return publication(event, ours(event.type, unit=unit, key=unit), of_event=0)


async def close_unit(record: asyncpg.Connection, unit: str, epoch: int = 1) -> int:
    """Record that a unit was closed, and say so; return the position."""
    event = NewEvent(stream=unit, id=unit, type="UnitClosed", data='{"reason": "机构改革"}')
    key = CommandKey(key=unit, digest=unit.encode())
    said = [closing(unit, epoch)]
    return (await append(record, [event], NOW, publications=said, key=key, epoch=epoch)).last


async def close_units(record: asyncpg.Connection, number: int, *, prefix: str = "unit") -> None:
    for each in range(number):
        await close_unit(record, f"{prefix}-{each}")
