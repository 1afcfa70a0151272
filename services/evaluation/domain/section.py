"""A section (科室) of a unit: opened once, renamed as often as need be, closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.evaluation.domain.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSection:
    """Have a section in a unit from a local day on."""

    code: str
    unit: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameSection:
    """Call a section by another name from a local day on."""

    code: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSection:
    """End a section; `effective_from` is the first local day without it."""

    code: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOpened:
    """A unit has a new section; its code is never given again in the whole city."""

    code: str
    unit: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRenamed:
    """A section got another name; its code stays."""

    code: str
    unit: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionClosed:
    """A section ceased to exist."""

    code: str
    unit: str
    effective_from: date


Command = OpenSection | RenameSection | CloseSection
Event = SectionOpened | SectionRenamed | SectionClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever opened it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """It is there, with the name it got last and the day from which that holds."""

    opened: SectionOpened
    name: str
    changed_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It is no more, or will be no more soon."""

    closed: SectionClosed


State = Unknown | Open | Ended


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `section-unknown`, `section-exists` (with other content), `section-closed`,
    `effective-date-too-early` (before the opening or the last change).
    """
    match command:
        case OpenSection():
            return _open(command, state)
        case RenameSection():
            return _rename(command, _standing(state))
        case CloseSection():
            return _close(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a section is after an event."""
    match event:
        case SectionOpened(name=name, effective_from=day):
            return Open(opened=event, name=name, changed_from=day)
        case SectionRenamed(name=name, effective_from=day) if isinstance(state, Open):
            return replace(state, name=name, changed_from=day)
        case SectionRenamed():
            return state
        case SectionClosed():
            return Ended(closed=event)
        case _:
            assert_never(event)


SECTION: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _open(command: OpenSection, state: State) -> Sequence[Event]:
    wish = SectionOpened(
        code=command.code,
        unit=command.unit,
        name=command.name,
        effective_from=command.effective_from,
    )
    match state:
        case Unknown():
            return [wish]
        case Open(opened=opened) if opened == wish:
            return []
        case Open():
            raise Refused("section-exists", field="code")
        case Ended():
            raise Refused("section-closed", field="code")
        case _:
            assert_never(state)


def _rename(command: RenameSection, section: Open) -> Sequence[Event]:
    day = command.effective_from
    _not_before(section, day)
    if command.name == section.name:
        return []
    unit = section.opened.unit
    return [SectionRenamed(code=command.code, unit=unit, name=command.name, effective_from=day)]


def _close(command: CloseSection, state: State) -> Sequence[Event]:
    day = command.effective_from
    if isinstance(state, Ended) and state.closed.effective_from == day:
        return []
    section = _standing(state)
    _not_before(section, day)
    return [SectionClosed(code=command.code, unit=section.opened.unit, effective_from=day)]


def _not_before(section: Open, day: date) -> None:
    if day < section.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")


def _standing(state: State) -> Open:
    match state:
        case Open():
            return state
        case Unknown():
            raise Refused("section-unknown", field="code")
        case Ended():
            raise Refused("section-closed", field="code")
        case _:
            assert_never(state)
