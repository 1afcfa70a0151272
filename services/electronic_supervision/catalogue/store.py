"""What electronic supervision records of the catalogue, and in which streams."""

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
select type, data from event where stream >= 'item-' and stream < 'item.' order by position
"""


def stream_of(code: str) -> str:
    """Name the stream of an item."""
    return f"{STREAMS}{code}"


def stream_for(command: Command) -> str:
    """Name the stream to which a command is addressed."""
    return stream_of(command.code)


async def load_catalogue(connection: asyncpg.Connection) -> Catalogue:
    """Return the whole catalogue with all its versions, from the record."""
    rows = await connection.fetch(EVENTS)
    return fold(CODEC.decode(row["type"], row["data"]) for row in rows)
