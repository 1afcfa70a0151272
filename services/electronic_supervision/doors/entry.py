"""The one function behind both doors: record events, once each, and change nothing else."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from contracts.approvals import CaseFact
from kernel.intake import quarantine
from kernel.intake.heard import Heard
from kernel.intake.numbering import note_numbers
from kernel.intake.quarantine import Unreadable
from kernel.intake.seen import Novelty
from kernel.store.events import NewEvent
from kernel.store.store import append
from services.electronic_supervision.domain.case import CLOCK_SKEW, YEARS, Flag
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.hearing import docket_id
from services.electronic_supervision.record import MessageSettled, fact_event, own_event

RELEASED = "released"
REUSED = Unreadable(
    code="id-reused", field="id", message="the source used this id before for another event"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an event: accepted perhaps with flags, or not for being known already."""

    novelty: Novelty
    flags: tuple[Flag, ...] = ()


async def number(connection: asyncpg.Connection, heard: Sequence[Heard], now: datetime) -> None:
    """Note the numbers that sources gave their events, as the second statement of a transaction.

    Every door locks in one order, lest two wait for each other: what was heard, the numbers of its
    sources, the quarantine, the record.
    """
    numbers = defaultdict(list)
    for each in heard:
        if (position := each.event.position) is not None:
            numbers[each.event.source].append(position)
    await note_numbers(connection, numbers, now)


async def record(
    connection: asyncpg.Connection,
    heard: Sequence[tuple[Heard, Novelty]],
    *,
    now: datetime,
    door: str,
    also: Sequence[NewEvent] = (),
    held: Sequence[tuple[str, str]] = (),
) -> list[Outcome]:
    """Record what is new, as the last statement of the transaction that noted and numbered it.

    `now` (UTC) is when it was received, `door` `http` or `bus`. `also` are events of our own to
    record before it. A message in quarantine is released once its event was said readably too;
    `held` are the events (source, id) of those that came with these.
    """
    new = [each for each, novelty in heard if novelty is Novelty.NEW]
    released = await _released(connection, [*(each.key for each in new), *held], now)
    facts = [fact_event(each, stream_of(each), _about(each, door)) for each in new]
    if events := [*also, *facts, *released]:
        await append(connection, events, now)
    return [
        Outcome(novelty=novelty, flags=flags(each, now) if novelty is Novelty.NEW else ())
        for each, novelty in heard
    ]


def _about(heard: Heard, door: str) -> str:
    return json.dumps({"door": door} | ({} if heard.trace is None else {"trace": heard.trace}))


def stream_of(heard: Heard) -> str:
    """Name the stream of the case that an event tells of; it must be a fact of a case."""
    data = heard.event.data
    if not isinstance(data, CaseFact):
        raise TypeError(heard.event.type)
    return docket_id(CaseKey(source=heard.event.source, number=data.case))


def flags(heard: Heard, now: datetime) -> tuple[Flag, ...]:
    """Tell what is odd about an event alone; it is taken all the same, but no card rests on it."""
    at = heard.event.time
    found = []
    if at > now + CLOCK_SKEW:
        found.append(Flag.FUTURE_TIME)
    if at.year not in YEARS:
        found.append(Flag.TIME_OUT_OF_RANGE)
    return tuple(found)


async def _released(
    connection: asyncpg.Connection, said: Sequence[tuple[str, str]], now: datetime
) -> list[NewEvent]:
    """Settle the messages in quarantine that were said again, readably this time."""
    held = await quarantine.answered(connection, said) if said else []
    if not held:
        return []
    await quarantine.settle(connection, [each.id for each in held], RELEASED, now)
    return [
        own_event(each.noted_in, MessageSettled(message=each.id, how=RELEASED), each.id)
        for each in held
    ]
