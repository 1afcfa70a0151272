"""The door to the bus: messages of city systems become facts, or go to quarantine."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from kernel.intake import quarantine
from kernel.intake.heard import Heard, Message
from kernel.intake.quarantine import Unreadable
from kernel.intake.seen import Novelty, note
from kernel.store.events import NewEvent
from kernel.store.store import append
from services.electronic_supervision.doors import pace, rejections
from services.electronic_supervision.doors.entry import REUSED, number, record
from services.electronic_supervision.doors.partner_metrics import PartnerMetrics
from services.electronic_supervision.doors.rejections import OVER_RATE
from services.electronic_supervision.doors.screen import Screened, screen_message
from services.electronic_supervision.doors.systems import systems
from services.electronic_supervision.record import MessageQuarantined, own_event


async def take(
    connection: asyncpg.Connection,
    messages: Sequence[Message],
    now: datetime,
    metrics: PartnerMetrics | None = None,
) -> Mapping[str, int]:
    """Take a batch in, in one transaction, and count its outcomes.

    `now` (UTC) is when it was received. Outcomes are those of Novelty, and `quarantined`. What a
    partner said beyond its rate was acknowledged to it: it is taken, and counted.
    """
    async with connection.transaction():
        known = await systems(connection)
        screened = [screen_message(message, known) for message in messages]
        readable = [(each, each.heard) for each in screened if isinstance(each.heard, Heard)]
        refused = [(each, each.heard) for each in screened if isinstance(each.heard, Unreadable)]
        novelties = await note(connection, [heard for _, heard in readable])
        told = []
        for (each, heard), novelty in zip(readable, novelties, strict=True):
            if novelty is Novelty.ID_REUSED:
                refused.append((each, REUSED))
            else:
                told.append((heard, novelty))
        await number(connection, [heard for heard, _ in told], now)
        # in one order for all, lest two who hear the same messages wait for each other
        refused.sort(key=lambda one: quarantine.name_of(one[0].message))
        notes = [await _hold(connection, each, why, now) for each, why in refused]
        also = [event for event in notes if event is not None]
        held = [key for each, _ in refused if (key := _key_in(each)) is not None]
        over = await _over_rate(connection, list(zip(readable, novelties, strict=True)))
        await rejections.count(connection, {(name, OVER_RATE): n for name, n in over.items()}, now)
        await record(connection, told, now=now, door="bus", also=also, held=held)
    if metrics is not None:
        _measure(metrics, list(zip(readable, novelties, strict=True)), refused, over)
    counts = {novelty.value: novelties.count(novelty) for novelty in Novelty}
    return counts | {"quarantined": len(refused)}


Readable = Sequence[tuple[tuple[Screened, Heard], Novelty]]


async def _over_rate(connection: asyncpg.Connection, told: Readable) -> Mapping[str, int]:
    """Count by partner what is new and beyond its rate."""
    said: dict[str, list[datetime]] = {}
    rates: dict[str, int] = {}
    for (each, _), novelty in told:
        if each.system is None or each.system.rate is None or novelty is not Novelty.NEW:
            continue
        rates[each.system.name] = each.system.rate
        said.setdefault(each.system.name, []).append(each.message.sent_at)
    return await pace.over_rate(connection, said, rates)


def _measure(
    metrics: PartnerMetrics,
    told: Readable,
    refused: Sequence[tuple[Screened, Unreadable]],
    over: Mapping[str, int],
) -> None:
    took = Counter(
        (each.system.name, novelty.value)
        for (each, _), novelty in told
        if each.system is not None and novelty is not Novelty.ID_REUSED
    )
    for (name, outcome), times in took.items():
        metrics.took(name, outcome, times)
    turned = Counter(
        (each.system.name, why.code) for each, why in refused if each.system is not None
    )
    for (name, code), times in [*turned.items(), *(((n, OVER_RATE), t) for n, t in over.items())]:
        metrics.rejected(name, code, times)


async def set_aside(connection: asyncpg.Connection, message: Message, now: datetime) -> None:
    """Put a message into quarantine that could be read but not taken."""
    words = "the message could not be taken in; see the log of this time"
    why = Unreadable(code="not-processable", field="", message=words)
    async with connection.transaction():
        each = screen_message(message, await systems(connection))
        if (event := await _hold(connection, each, why, now)) is not None:
            await append(connection, [event], now)


def _key_in(each: Screened) -> tuple[str, str] | None:
    id_ = quarantine.event_id_in(each.message.data)
    return None if id_ is None else (each.source, id_)


async def _hold(
    connection: asyncpg.Connection, each: Screened, why: Unreadable, now: datetime
) -> NewEvent | None:
    """Keep a message; the first time, the record of its case tells of it."""
    is_first = await quarantine.put(
        connection, each.message, why, source=each.source, noted_in=each.noted_in, now=now
    )
    if not is_first:
        return None
    name = quarantine.name_of(each.message)
    return own_event(each.noted_in, MessageQuarantined(message=name, code=why.code), name)
