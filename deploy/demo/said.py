"""What systems are going to say, and what they have said: an event with all that it carries."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.approvals import CaseDecided, CaseFact, CaseWithdrawn, ResultDelivered
from contracts.registry import event_of, type_of
from contracts.subjects import city
from contracts.wire import write
from deploy.demo.city import DemoSystem


class Hands(StrEnum):
    """Who does what an event tells of: desks keep office hours, the others know no holiday."""

    DESK = "desk"
    DUTY = "duty"
    MACHINE = "machine"


class Slip(StrEnum):
    """A mistake that the city makes on purpose; `set-right` puts one right."""

    WRONG_DATE = "wrong-date"
    FUTURE_DATE = "future-date"
    FINISHED_FIRST = "finished-before-accepted"
    WRONG_CASE = "wrong-case"
    NEVER_PAUSED = "resumed-without-pause"
    TOLD_TWICE = "told-twice"
    ID_REUSED = "id-reused"
    UNREADABLE = "unreadable"
    UNKNOWN_UNIT = "unknown-unit"
    TOLD_LATE = "told-late"
    SET_RIGHT = "set-right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a system is going to say: `at` it happened, `noted_at` it was recorded.

    `turn` counts within the case. `spoil` makes of the event's JSON what nobody can read.
    `is_echo`: said before, to the letter.
    """

    told_at: datetime
    turn: int
    at: datetime
    noted_at: datetime
    id: str
    system: DemoSystem
    data: CaseFact
    by: Hands
    slip: Slip | None = None
    spoil: Callable[[dict[str, object]], None] | None = None
    is_echo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event as its system tells it: the subject and the bytes, and at what instant.

    `at`, `by` and `slip` are for who watches the city; they are not sent.
    """

    told_at: datetime
    system: str
    case: str
    id: str
    subject: str
    body: bytes
    at: datetime
    by: Hands
    slip: Slip | None
    is_end: bool
    """Whether the case is over for its unit with this."""


def order(word: Word) -> tuple[datetime, str, str, int]:
    """Give the key by which words are told: of one instant, a case's own in their turn."""
    return word.told_at, word.system.name, word.data.case, word.turn


def utter(word: Word, number: int | None) -> Said:
    """Put a word into the envelope; `number` is its sequence, if its system counts."""
    data, system = word.data, word.system
    return Said(
        told_at=word.told_at,
        system=system.name,
        case=data.case,
        id=word.id,
        subject=city(system.name, type_of(type(data)), unit=data.unit, key=data.case),
        body=_body(word, number),
        at=word.at,
        by=word.by,
        slip=word.slip,
        is_end=isinstance(data, CaseDecided | CaseWithdrawn | ResultDelivered),
    )


def _body(word: Word, number: int | None) -> bytes:
    data = word.data
    event = event_of(type(data))(
        specversion="1.0",
        id=word.id,
        source=word.system.source,
        type=type_of(type(data)),
        time=word.at,
        subject=data.case,
        sequence=None if number is None else f"{number:020d}",
        recordedtime=word.noted_at,
        partitionkey=data.case,
        data=data,
    )
    if word.spoil is None:
        return write(event)
    told = json.loads(write(event))
    word.spoil(told)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
