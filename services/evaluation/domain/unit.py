"""A unit (单位) that the city supervises: registered once, renamed as often as need be, closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from kernel.decider import Decider
from services.evaluation.domain.refused import Refused


class Group(StrEnum):
    """Groups within which units are compared (分类评议)."""

    PARTY_AND_CONGRESS = "party-and-congress"
    JUDICIARY = "judiciary"
    GOVERNMENT = "government"
    PUBLIC_SERVICE = "public-service"
    DEVELOPMENT_ZONE = "development-zone"
    STATIONED = "stationed"
    COUNTY_AND_TOWN = "county-and-town"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Alias:
    """What one city system calls a unit."""

    source: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUnit:
    """Put a unit under supervision from a local day on; `aliases` are sorted and all different."""

    code: str
    name: str
    group: Group
    aliases: tuple[Alias, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUnit:
    """Call a unit by another name from a local day on."""

    code: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUnit:
    """End a unit; `effective_from` is the first local day without it."""

    code: str
    effective_from: date
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A unit came under supervision; its code is never given again."""

    code: str
    name: str
    group: Group
    aliases: tuple[Alias, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A unit got another name; its code stays."""

    code: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A unit ceased to exist, and another may have taken over its duties."""

    code: str
    effective_from: date
    successor: str | None = None


Command = RegisterUnit | RenameUnit | CloseUnit
Event = Registered | Renamed | Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever registered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """It is there, with the name it got last and the day from which it holds."""

    registered: Registered
    name: str
    name_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It is no more, or will be no more soon."""

    closed: Closed


State = Unknown | Open | Ended


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `unit-unknown`, `unit-exists` (with other content), `unit-closed`,
    `effective-date-too-early` (before the registration or the last renaming), `successor-itself`.
    """
    match command:
        case RegisterUnit():
            return _register(command, state)
        case RenameUnit():
            return _rename(command, _standing(state))
        case CloseUnit():
            return _close(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a unit is after an event."""
    match event:
        case Registered():
            return Open(registered=event, name=event.name, name_from=event.effective_from)
        case Renamed() if isinstance(state, Open):
            return replace(state, name=event.name, name_from=event.effective_from)
        case Renamed():
            return state
        case Closed():
            return Ended(closed=event)
        case _:
            assert_never(event)


UNIT: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _register(command: RegisterUnit, state: State) -> Sequence[Event]:
    wish = Registered(
        code=command.code,
        name=command.name,
        group=command.group,
        aliases=command.aliases,
        effective_from=command.effective_from,
    )
    match state:
        case Unknown():
            return [wish]
        case Open(registered=registered) if registered == wish:
            return []  # also after a renaming: a request that came late must not undo it
        case Open():
            raise Refused("unit-exists", field="code")
        case Ended():
            raise Refused("unit-closed", field="code")
        case _:
            assert_never(state)


def _rename(command: RenameUnit, unit: Open) -> Sequence[Event]:
    if command.effective_from < unit.name_from:
        raise Refused("effective-date-too-early", field="effective_from")
    if command.name == unit.name:
        return []
    return [Renamed(code=command.code, name=command.name, effective_from=command.effective_from)]


def _close(command: CloseUnit, state: State) -> Sequence[Event]:
    wish = Closed(
        code=command.code, effective_from=command.effective_from, successor=command.successor
    )
    if state == Ended(closed=wish):
        return []
    unit = _standing(state)
    if command.effective_from < unit.name_from:
        raise Refused("effective-date-too-early", field="effective_from")
    if command.successor == command.code:
        raise Refused("successor-itself", field="successor")
    return [wish]


def _standing(state: State) -> Open:
    match state:
        case Open():
            return state
        case Unknown():
            raise Refused("unit-unknown", field="code")
        case Ended():
            raise Refused("unit-closed", field="code")
        case _:
            assert_never(state)
