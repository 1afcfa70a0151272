"""What electronic supervision records of the life of its rules, and in which streams."""

from collections.abc import Mapping
from typing import get_args

import asyncpg

from kernel.codec import Codec
from services.electronic_supervision.domain.rules import life_acts
from services.electronic_supervision.domain.rules.book import RuleBook
from services.electronic_supervision.domain.rules.life import LIFE
from services.electronic_supervision.domain.rules.life_acts import Event
from services.electronic_supervision.domain.rules.life_stages import Life
from services.electronic_supervision.rules.shelf import book_of

CODEC: Codec[Event] = Codec(*get_args(life_acts.Event))
STREAMS = "rule-"
"""How the streams of rules begin."""

# a range, which the index on streams answers: "." comes right after "-"
EVENTS = """
select type, data from event where stream >= 'rule-' and stream < 'rule.' order by position
"""


def stream_of(id_: str) -> str:
    """Name the stream of a rule."""
    return f"{STREAMS}{id_}"


async def load_lives(connection: asyncpg.Connection) -> Mapping[str, Life]:
    """Return the lives of all rules, by their ids, from the record."""
    lives: dict[str, Life] = {}
    for row in await connection.fetch(EVENTS):
        event = CODEC.decode(row["type"], row["data"])
        lives[event.id] = LIFE.evolve(lives.get(event.id, LIFE.initial), event)
    return lives


async def load_book(connection: asyncpg.Connection) -> RuleBook:
    """Return all rules as they hold on any day, from the record."""
    return book_of((await load_lives(connection)).values())
