"""What may be wished of a person (人员), and what may happen to him."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Duty(StrEnum):
    """For what somebody answers in a unit."""

    PRINCIPAL = "principal"
    DEPUTY_IN_CHARGE = "deputy-in-charge"
    SECTION_HEAD = "section-head"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """In which unit somebody is, in which of its sections if in any, and for what he answers."""

    unit: str
    section: str | None
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOn:
    """Have somebody in a unit from a local day on."""

    code: str
    name: str
    position: Position
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePerson:
    """Call somebody by another name from a local day on."""

    code: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePerson:
    """Have somebody elsewhere, or answer for something else, from a local day on."""

    code: str
    position: Position
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """Have somebody no more; `effective_from` is the first local day without him."""

    code: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined:
    """Somebody came into a unit; his code is never given again."""

    code: str
    name: str
    position: Position
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRenamed:
    """Somebody got another name; his code stays."""

    code: str
    unit: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved:
    """Somebody is in another unit or section, or answers for something else."""

    code: str
    position: Position
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft:
    """Somebody belongs to no unit any more."""

    code: str
    unit: str
    effective_from: date


Command = TakeOn | RenamePerson | MovePerson | LetGo
Event = PersonJoined | PersonRenamed | PersonMoved | PersonLeft
