"""What may be wished of a post (岗位) with its A and B (AB岗), and what may happen to it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Place(StrEnum):
    """A is the holder of a post, B covers when A is away."""

    A = "A"
    B = "B"

    @property
    def other(self) -> "Place":
        """Return the other one."""
        return Place.B if self is Place.A else Place.A


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishPost:
    """Have a post in a unit, or in one of its sections, from a local day on."""

    code: str
    name: str
    unit: str
    section: str | None
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePost:
    """Call a post by another name from a local day on."""

    code: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointHolder:
    """Have somebody as A or B from a local day on, instead of whoever it was until then."""

    code: str
    place: Place
    person: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RelieveHolder:
    """Have nobody as A or B; `effective_from` is the first local day."""

    code: str
    place: Place
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAbsence:
    """Note that A or B is away on these local days, both included; None: until he returns."""

    code: str
    place: Place
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReturn:
    """Note that A or B is back; `effective_from` is his first local day at work."""

    code: str
    place: Place
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbolishPost:
    """End a post; `effective_from` is the first local day without it."""

    code: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEstablished:
    """A unit has a new post; its code is never given again in the whole city."""

    code: str
    name: str
    unit: str
    section: str | None
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRenamed:
    """A post got another name; its code stays."""

    code: str
    unit: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderAppointed:
    """Somebody became A or B of a post; whoever it was before is it no more."""

    code: str
    unit: str
    place: Place
    person: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRelieved:
    """Somebody is A or B of a post no more, and nobody else is yet."""

    code: str
    unit: str
    place: Place
    person: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderWentAway:
    """A or B is away on these local days, both included; None: until he returns."""

    code: str
    unit: str
    place: Place
    person: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderReturned:
    """A or B is back earlier than was said, or at all; away since `first_day`."""

    code: str
    unit: str
    place: Place
    person: str
    first_day: date
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAbolished:
    """A post ceased to exist."""

    code: str
    unit: str
    effective_from: date


Command = (
    EstablishPost
    | RenamePost
    | AppointHolder
    | RelieveHolder
    | NoteAbsence
    | NoteReturn
    | AbolishPost
)
Event = (
    PostEstablished
    | PostRenamed
    | HolderAppointed
    | HolderRelieved
    | HolderWentAway
    | HolderReturned
    | PostAbolished
)
