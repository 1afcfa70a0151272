"""What evaluation records of units, sections, posts and people, and in which streams."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias, get_args

from kernel.codec import Codec
from kernel.decider import Decider
from services.evaluation.domain import person_acts, post_acts, section, unit_acts
from services.evaluation.domain.person import PERSON
from services.evaluation.domain.post import POST
from services.evaluation.domain.section import SECTION
from services.evaluation.domain.unit import UNIT

Command: TypeAlias = unit_acts.Command | section.Command | post_acts.Command | person_acts.Command
Event: TypeAlias = unit_acts.Event | section.Event | post_acts.Event | person_acts.Event

CODEC: Codec[Event] = Codec(*get_args(Event))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of entry of the register: how its streams are called, and how it is decided."""

    name: str
    decider: Decider[Any, Any, Any]

    def stream_of(self, code: str) -> str:
        """Name the stream of an entry."""
        return f"{self.name}-{code}"


UNITS = Kind(name="unit", decider=UNIT)
SECTIONS = Kind(name="section", decider=SECTION)
POSTS = Kind(name="post", decider=POST)
PEOPLE = Kind(name="person", decider=PERSON)

_KINDS: Mapping[type, Kind] = MappingProxyType(
    {
        command: kind
        for kind, commands in (
            (UNITS, unit_acts.Command),
            (SECTIONS, section.Command),
            (POSTS, post_acts.Command),
            (PEOPLE, person_acts.Command),
        )
        for command in get_args(commands)
    }
)
STREAMS = tuple(each.stream_of("") for each in (UNITS, SECTIONS, POSTS, PEOPLE))
"""How the streams of the register begin."""


def kind_of(command: Command) -> Kind:
    """Tell to what kind of entry a command is addressed."""
    return _KINDS[type(command)]


def stream_of(command: Command) -> str:
    """Name the stream to which a command is addressed."""
    return kind_of(command).stream_of(command.code)
