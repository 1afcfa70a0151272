"""The chain of hashes over a service's record: a changed, missing or added row breaks it."""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from kernel.store.events import StoredEvent

SEPARATOR = "\x1f"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far a record had come when somebody looked, noted outside the database."""

    position: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a record is not what it was, and how it shows.

    `what` is `altered` (the row does not hash to what it says), `missing` (positions do not follow)
    or `cut` (the record ends before a head noted earlier, or holds another row there).
    """

    position: int
    what: str


def hash_of(event: StoredEvent, previous: bytes) -> bytes:
    """Return what append() noted for this row after the one before."""
    micros = (event.recorded_at - EPOCH) // timedelta(microseconds=1)
    parts = (
        *(event.position, event.stream, event.version, event.id, event.type),
        *(micros, event.metadata, event.data),
    )
    return sha256(previous + SEPARATOR.join(map(str, parts)).encode()).digest()


async def verify(events: AsyncIterable[StoredEvent], heads: Sequence[Head]) -> list[Break]:
    """Return every place where a whole record, read from position 1, is not what it was."""
    breaks: list[Break] = []
    noted = {head.position: head.hash for head in heads}
    position, previous = 0, b""
    async for event in events:
        if event.position != position + 1:
            breaks.append(Break(position=position + 1, what="missing"))
        elif hash_of(event, previous) != event.hash:
            breaks.append(Break(position=event.position, what="altered"))
        if noted.pop(event.position, event.hash) != event.hash:
            breaks.append(Break(position=event.position, what="cut"))
        position, previous = event.position, event.hash
    return breaks + [Break(position=left, what="cut") for left in sorted(noted)]
