"""What people decide about a message in quarantine: read it again, or discard it."""

import json
from collections.abc import Mapping
from datetime import datetime

import asyncpg

from kernel.intake import quarantine
from kernel.intake.heard import Heard, Message
from kernel.intake.quarantine import Held, Unreadable
from kernel.intake.seen import Novelty, note
from kernel.store.events import NewEvent
from kernel.store.store import append
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.doors.entry import RELEASED, REUSED, Outcome, number, record
from services.electronic_supervision.doors.screen import Screened, screen_message
from services.electronic_supervision.doors.systems import systems
from services.electronic_supervision.record import MessageQuarantined, MessageSettled, own_event

DISCARDED = "discarded"
MOVED = "moved"

ROWS = "connector"
"""Stands for the stream of what was a row of a file or view: it can be read again only there."""


async def resubmit(
    connection: asyncpg.Connection, name: str, now: datetime, *, by: Mapping[str, str]
) -> Outcome | Unreadable:
    """Read a message again with the code and the systems of today, in one transaction.

    Returns what became of its event, or why it still cannot be read; then it stays, with that
    reason. `now` (UTC) is when it is decided, `by` who decides, in which role and for which unit.
    Raises Refused: `message-unknown`, `message-settled`, `message-expired`.
    """
    async with connection.transaction():
        held = _open(await quarantine.look_at(connection, name))
        if held.raw is None:
            raise Refused("message-expired")
        if held.stream == ROWS:
            return Unreadable(code=held.code, field=held.field, message=held.message)
        each = screen_message(_message(held, held.raw), await systems(connection))
        # what was heard first, then the quarantine: in this order the door to the bus locks them
        heard, novelty = await _novelty(connection, each)
        if isinstance(heard, Heard):
            await number(connection, [heard], now)
        held = _open(await quarantine.take_out(connection, name))
        if isinstance(heard, Unreadable):
            await quarantine.explain(
                connection, name, heard, source=each.source, noted_in=each.noted_in
            )
            if each.noted_in != held.noted_in:
                await append(connection, _moved(held, each.noted_in, heard.code, by, now), now)
            return heard
        await quarantine.settle(connection, [name], RELEASED, now)
        told = _settled(held, RELEASED, by)
        outcomes = await record(connection, [(heard, novelty)], now=now, door="bus", also=[told])
        return outcomes[0]


async def discard(
    connection: asyncpg.Connection, name: str, now: datetime, reason: str, *, by: Mapping[str, str]
) -> None:
    """Give a message up, so that its case is in doubt no more; the record keeps who and why.

    Raises Refused: `message-unknown`, `message-settled`, `reason-required`.
    """
    if not reason.strip():
        raise Refused("reason-required", field="reason")
    async with connection.transaction():
        held = _open(await quarantine.take_out(connection, name))
        await quarantine.settle(connection, [name], DISCARDED, now)
        told = _settled(held, DISCARDED, {**by, "reason": reason.strip()})
        await append(connection, [told], now)


def _open(held: Held | None) -> Held:
    if held is None:
        raise Refused("message-unknown")
    if held.settled is not None:
        raise Refused("message-settled")
    return held


def _message(held: Held, raw: bytes) -> Message:
    return Message(
        stream=held.stream, subject=held.subject, data=raw, number=0, sent_at=held.received_at
    )


async def _novelty(
    connection: asyncpg.Connection, each: Screened
) -> tuple[Heard | Unreadable, Novelty]:
    if isinstance(each.heard, Unreadable):
        return each.heard, Novelty.NEW
    (novelty,) = await note(connection, [each.heard])
    return (REUSED if novelty is Novelty.ID_REUSED else each.heard), novelty


def _moved(held: Held, to: str, code: str, by: Mapping[str, str], now: datetime) -> list[NewEvent]:
    """Once its system is known, the case that a message leaves in doubt is known too."""
    cause = f"{held.id}\n{now.isoformat()}"  # it may come back where it was
    about = json.dumps(dict(by), ensure_ascii=False)
    doubt = MessageQuarantined(message=held.id, code=code)
    return [
        own_event(held.noted_in, MessageSettled(message=held.id, how=MOVED), cause, about),
        own_event(to, doubt, cause, about),
    ]


def _settled(held: Held, how: str, about: Mapping[str, str]) -> NewEvent:
    metadata = json.dumps(dict(about), ensure_ascii=False)
    return own_event(held.noted_in, MessageSettled(message=held.id, how=how), held.id, metadata)
