"""Decide on one case: the ruling, what to record of it and the words for the city."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.store.events import NewEvent, NewPublication, StoredEvent
from services.electronic_supervision.loop.court import Court, Row, Ruling, rule
from services.electronic_supervision.loop.tables import Said
from services.electronic_supervision.publish import say
from services.electronic_supervision.record import own_event, records

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a loop works with: its court, whose facts it waits for, and as whom it speaks."""

    court: Court
    streams: Sequence[str]
    source: str
    epoch: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to keep of a case, and what to record and publish of it, event by event."""

    row: Row
    said: Sequence[Said]
    parts: Sequence[tuple[NewEvent, NewPublication]]


def decide(
    row: Row, events: Sequence[StoredEvent], bench: Bench, horizon: datetime, now: datetime
) -> Decision | None:
    """Rule on a case by all events of its stream; None if our code fails on it, which is logged.

    One case must not keep all others of its partition from being judged.
    """
    try:
        ruling = rule(row.id, records(events)[row.id], row, bench.court, horizon)
        return None if ruling is None else _worded(ruling, bench, now)
    except Exception as error:
        LOG.exception("case not judged", extra={"docket": row.id}, exc_info=error)
        return None


def _worded(ruling: Ruling, bench: Bench, now: datetime) -> Decision:
    parts = []
    for count, happened in enumerate(ruling.events, ruling.record.changes):
        event = own_event(ruling.row.id, happened, str(count))
        publication = say(
            happened,
            event_id=event.id,
            of_event=0,
            source=bench.source,
            key=ruling.key,
            record=ruling.record,
            unit=ruling.row.unit,
            office=bench.court.office,
            now=now,
        )
        parts.append((event, publication))
    said = [Said(docket=ruling.row.id, event=each, at=now) for each in ruling.events]
    return Decision(row=ruling.row, said=said, parts=parts)
