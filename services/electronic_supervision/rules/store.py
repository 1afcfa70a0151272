"""What electronic supervision records of the life of its rules, and in which streams."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

import asyncpg

from kernel.codec import Codec
from services.electronic_supervision.domain.rules import life_acts
from services.electronic_supervision.domain.rules.book import RuleBook
from services.electronic_supervision.domain.rules.life import LIFE
from services.electronic_supervision.domain.rules.life_acts import Event
from services.electronic_supervision.domain.rules.life_stages import Life
from services.electronic_supervision.rules.shelf import book_of, founding_book

CODEC: Codec[Event] = Codec(*get_args(life_acts.Event))
STREAMS = "rule-"
"""How the streams of rules begin."""

# a range, which the index on streams answers: "." comes right after "-"
EVENTS = """
select type, data from event where stream >= 'rule-' and stream < 'rule.'
and ($1::timestamptz is null or recorded_at <= $1) order by position
"""


def stream_of(id_: str) -> str:
    """Name the stream of a rule."""
    return f"{STREAMS}{id_}"


async def load_lives(
    connection: asyncpg.Connection, known_at: datetime | None = None
) -> Mapping[str, Life]:
    """Return the lives of all rules, by their ids; as they were known at an instant if given."""
    lives: dict[str, Life] = {}
    for row in await connection.fetch(EVENTS, known_at):
        event = CODEC.decode(row["type"], row["data"])
        lives[event.id] = LIFE.evolve(lives.get(event.id, LIFE.initial), event)
    return lives


async def load_book(connection: asyncpg.Connection, known_at: datetime | None = None) -> RuleBook:
    """Return all rules as they hold on any day, or as was known of that at an instant.

    A city that has recorded none yet is judged by what every city begins with.
    """
    lives = await load_lives(connection, known_at)
    return book_of(lives.values()) if lives else founding_book()
