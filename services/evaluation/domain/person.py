"""A person (人员) of a unit: joins, moves to other units, sections and duties, leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.evaluation.domain.person_acts import (
    Command,
    Event,
    LetGo,
    MovePerson,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonRenamed,
    Position,
    RenamePerson,
    TakeOn,
)
from services.evaluation.domain.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever took him on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """He is there, as he became by the last change; that holds from `changed_from` on."""

    joined: PersonJoined
    name: str
    position: Position
    changed_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """He is there no more, or soon will not be."""

    left: PersonLeft


State = Unknown | Serving | Gone


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `person-unknown`, `person-exists` (with other content), `person-left`,
    `effective-date-too-early` (before he joined or the last change).
    """
    match command:
        case TakeOn():
            return _take_on(command, state)
        case RenamePerson():
            return _rename(command, _serving(state))
        case MovePerson():
            return _move(command, _serving(state))
        case LetGo():
            return _let_go(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what somebody is after an event."""
    match event:
        case PersonJoined(name=name, position=position, effective_from=day):
            return Serving(joined=event, name=name, position=position, changed_from=day)
        case PersonLeft():
            return Gone(left=event)
        case _ if not isinstance(state, Serving):
            return state
        case PersonRenamed(name=name, effective_from=day):
            return replace(state, name=name, changed_from=day)
        case PersonMoved(position=position, effective_from=day):
            return replace(state, position=position, changed_from=day)
        case _:
            assert_never(event)


PERSON: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _take_on(command: TakeOn, state: State) -> Sequence[Event]:
    wish = PersonJoined(
        code=command.code,
        name=command.name,
        position=command.position,
        effective_from=command.effective_from,
    )
    match state:
        case Unknown():
            return [wish]
        case Serving(joined=joined) if joined == wish:
            return []
        case Serving():
            raise Refused("person-exists", field="code")
        case Gone():
            raise Refused("person-left", field="code")
        case _:
            assert_never(state)


def _rename(command: RenamePerson, person: Serving) -> Sequence[Event]:
    day = command.effective_from
    _not_before(person, day)
    if command.name == person.name:
        return []
    unit = person.position.unit
    return [PersonRenamed(code=command.code, unit=unit, name=command.name, effective_from=day)]


def _move(command: MovePerson, person: Serving) -> Sequence[Event]:
    day = command.effective_from
    _not_before(person, day)
    if command.position == person.position:
        return []
    return [PersonMoved(code=command.code, position=command.position, effective_from=day)]


def _let_go(command: LetGo, state: State) -> Sequence[Event]:
    day = command.effective_from
    if isinstance(state, Gone) and state.left.effective_from == day:
        return []
    person = _serving(state)
    _not_before(person, day)
    return [PersonLeft(code=command.code, unit=person.position.unit, effective_from=day)]


def _not_before(person: Serving, day: date) -> None:
    if day < person.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")


def _serving(state: State) -> Serving:
    match state:
        case Serving():
            return state
        case Unknown():
            raise Refused("person-unknown", field="code")
        case Gone():
            raise Refused("person-left", field="code")
        case _:
            assert_never(state)
