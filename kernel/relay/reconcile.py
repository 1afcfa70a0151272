"""Where to go on: what the stream holds, compared with what the record says was published."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from kernel.relay.epoch import Epoch, epochs
from kernel.relay.halt import HaltedError, ahead, foreign, unknown
from kernel.relay.identity import epoch_named, identity_of
from kernel.relay.outbox import Place, body_of, cursor
from kernel.relay.stream import Stream
from kernel.tenancy import Tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Where to go on, the epochs known by then, and what was found.

    `outcome` is `refill` (the stream is new, or was lost), `emptied` (it was, on purpose), `agreed`
    (it is where the cursor is), `forwards` or `back` (the cursor had to be set), or `disowned` (its
    last message is of a closed epoch and not in the record).
    """

    place: Place
    epochs: Sequence[Epoch]
    outcome: str


async def reconcile(
    connection: asyncpg.Connection, tenancy: Tenancy, name: str, stream: Stream
) -> Agreed:
    """Find where to go on in the stream called `name`.

    Raises HaltedError if the stream holds what the record does not, or what can't be compared.
    """
    known, noted = await epochs(connection), await cursor(connection)
    if stream.last_body is not None:
        sequence, is_ours = await _last_said(connection, tenancy, name, known, stream)
        outcome = _course(noted.sequence, sequence) if is_ours else "disowned"
    elif stream.last_sequence == 0:
        sequence, outcome = 0, "refill"
    elif stream.last_sequence == noted.stream_sequence:
        sequence, outcome = noted.sequence, "emptied"
    else:
        raise HaltedError(unknown(name, stream.last_sequence))
    place = Place(sequence=sequence, stream_sequence=stream.last_sequence)
    return Agreed(place=place, epochs=known, outcome=outcome)


async def _last_said(
    connection: asyncpg.Connection,
    tenancy: Tenancy,
    name: str,
    known: Sequence[Epoch],
    stream: Stream,
) -> tuple[int, bool]:
    """Return after which publication to go on, and whether that is the last message itself."""
    said = identity_of(stream.last_body or b"")
    number = None if said is None else epoch_named(tenancy, said.source)
    if said is None or number is None:
        raise HaltedError(foreign(name, stream.last_sequence))
    if number <= known[-1].number:
        sequence = known[number - 1].after + int(said.sequence)
        if await body_of(connection, sequence) == stream.last_body:
            return sequence, True
        if (
            number < known[-1].number
        ):  # who opened the next epoch disowned what is not in the record
            return known[number].after, False
    raise HaltedError(ahead(name, tenancy.name, f"{said.source} {said.sequence}"))


def _course(noted: int, found: int) -> str:
    if found == noted:
        return "agreed"
    return "forwards" if found > noted else "back"
