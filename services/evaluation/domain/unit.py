"""A unit that the city supervises: registered once, renamed as often as need be, closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.unit_acts import (
    AddAlias,
    Alias,
    AliasAdded,
    AliasRemoved,
    Closed,
    CloseUnit,
    Command,
    Event,
    Group,
    Registered,
    RegisterUnit,
    Regrouped,
    RegroupUnit,
    RemoveAlias,
    Renamed,
    RenameUnit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever registered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """It is there, as it became by its last change; that holds from `changed_from` on."""

    registered: Registered
    name: str
    group: Group
    changed_from: date
    aliases: frozenset[Alias]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It is no more, or will be no more soon."""

    closed: Closed


State = Unknown | Open | Ended


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `unit-unknown`, `unit-exists` (with other content), `unit-closed`,
    `effective-date-too-early` (before the registration or the last change), `successor-itself`.
    """
    match command:
        case RegisterUnit():
            return _register(command, state)
        case RenameUnit():
            return _rename(command, _standing(state))
        case RegroupUnit():
            return _regroup(command, _standing(state))
        case AddAlias(code=code, alias=alias):
            is_known = alias in _standing(state).aliases
            return [] if is_known else [AliasAdded(code=code, alias=alias)]
        case RemoveAlias(code=code, alias=alias):
            is_known = alias in _standing(state).aliases
            return [AliasRemoved(code=code, alias=alias)] if is_known else []
        case CloseUnit():
            return _close(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a unit is after an event."""
    match event:
        case Registered():
            return Open(
                registered=event,
                name=event.name,
                group=event.group,
                changed_from=event.effective_from,
                aliases=frozenset(event.aliases),
            )
        case Closed():
            return Ended(closed=event)
        case _ if not isinstance(state, Open):
            return state
        case Renamed(name=name, effective_from=day):
            return replace(state, name=name, changed_from=day)
        case Regrouped(group=group, effective_from=day):
            return replace(state, group=group, changed_from=day)
        case AliasAdded(alias=alias):
            return replace(state, aliases=state.aliases | {alias})
        case AliasRemoved(alias=alias):
            return replace(state, aliases=state.aliases - {alias})
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
    _not_before(unit, command.effective_from)
    if command.name == unit.name:
        return []
    return [Renamed(code=command.code, name=command.name, effective_from=command.effective_from)]


def _regroup(command: RegroupUnit, unit: Open) -> Sequence[Event]:
    _not_before(unit, command.effective_from)
    if command.group == unit.group:
        return []
    day = command.effective_from
    return [Regrouped(code=command.code, group=command.group, effective_from=day)]


def _close(command: CloseUnit, state: State) -> Sequence[Event]:
    wish = Closed(
        code=command.code, effective_from=command.effective_from, successor=command.successor
    )
    if state == Ended(closed=wish):
        return []
    _not_before(_standing(state), command.effective_from)
    if command.successor == command.code:
        raise Refused("successor-itself", field="successor")
    return [wish]


def _not_before(unit: Open, day: date) -> None:
    if day < unit.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")


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
