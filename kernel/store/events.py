"""What goes into the record of a service, and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened, ready to be recorded.

    `version` is the one it must get in its stream, None for the next. `data` and `metadata` are
    JSON, kept byte for byte.
    """

    stream: str
    id: str
    type: str
    data: str
    metadata: str = "{}"
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPublication:
    """What an event says to others: the body as sent, but for its sequence.

    `of_event` is the index (from 0) of its event in the same append. `number_at` is where in `body`
    (in characters, from 0) twenty digits wait to be replaced by the sequence.
    """

    of_event: int
    subject: str
    body: str
    number_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """Something that happened, as recorded; times are UTC."""

    position: int
    stream: str
    version: int
    id: str
    type: str
    data: str
    metadata: str
    recorded_at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """Where events were recorded; `is_repeat` if their command had been carried out before."""

    first: int
    last: int
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandKey:
    """What its sender calls a command, so that telling it twice carries it out once.

    `digest` tells another command from the same one told again.
    """

    key: str
    digest: bytes
