"""What electronic supervision records of the catalogue, and in which streams."""

from datetime import datetime
from typing import get_args

import asyncpg

from kernel.codec import Codec
from services.electronic_supervision.domain.catalogue import item_acts
from services.electronic_supervision.domain.catalogue.catalogue import Catalogue, fold
from services.electronic_supervision.domain.catalogue.item_acts import Command, Event

CODEC: Codec[Event] = Codec(*get_args(item_acts.Event))
STREAMS = "item-"
"""How the streams of items begin."""

# a range, which the index on streams answers: "." comes right after "-"
EVENTS = """
select type, data from event where stream >= 'item-' and stream < 'item.'
and ($1::timestamptz is null or recorded_at <= $1) order by position
"""


def stream_of(code: str) -> str:
    """Name the stream of an item."""
    return f"{STREAMS}{code}"


def stream_for(command: Command) -> str:
    """Name the stream to which a command is addressed."""
    return stream_of(command.code)


async def load_catalogue(
    connection: asyncpg.Connection, known_at: datetime | None = None
) -> Catalogue:
    """Return the whole catalogue with all its versions; as it was known at an instant if given."""
    rows = await connection.fetch(EVENTS, known_at)
    return fold(CODEC.decode(row["type"], row["data"]) for row in rows)
