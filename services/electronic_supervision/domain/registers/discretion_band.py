"""The bands of discretion (自由裁量) of an offence: its grades and their fines, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.discretion_band_acts import (
    Command,
    DiscretionBandsRepealed,
    DiscretionBandsRevised,
    DiscretionBandsSet,
    Event,
    Grade,
    RepealDiscretionBands,
    ReviseDiscretionBands,
    SetDiscretionBands,
)
from services.electronic_supervision.domain.registers.versions import Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """What the bands of an offence (案由) are from some day on; repealed, its code is used up."""

    offence: str
    name: str
    clause: str
    grades: tuple[Grade, ...]
    set_from: date
    is_repealed: bool = False

    def grade(self, code: str) -> Grade | None:
        """Return a grade by its code."""
        return next((each for each in self.grades if each.code == code), None)


State = Versions[Offence]


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `grades-missing`, `grade-twice`, `bounds-inverted`, `bands-exist` (with other content),
    `bands-unknown`, `bands-repealed`, `effective-date-too-early` (before the last change).
    """
    match command:
        case SetDiscretionBands():
            return _set(command, state)
        case ReviseDiscretionBands():
            known = _standing(state, command.effective_from)
            _make_sure(command.grades)
            wish = (command.name, command.clause, command.grades)
            if (known.name, known.clause, known.grades) == wish:
                return []
            revised = DiscretionBandsRevised(
                offence=command.offence,
                name=command.name,
                clause=command.clause,
                grades=command.grades,
                effective_from=command.effective_from,
            )
            return [revised]
        case RepealDiscretionBands(offence=offence, reason=reason, effective_from=day):
            if state.last and state.last.is_repealed and state.changed_from == day:
                return []
            _standing(state, day)
            return [DiscretionBandsRepealed(offence=offence, reason=reason, effective_from=day)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what the bands of an offence are on any day after an event."""
    day, known = event.effective_from, state.last
    match event:
        case DiscretionBandsSet(offence=code, name=name, clause=clause, grades=grades):
            new = Offence(offence=code, name=name, clause=clause, grades=grades, set_from=day)
            return state.since(day, new)
        case _ if known is None:
            return state
        case DiscretionBandsRevised(name=name, clause=clause, grades=grades):
            return state.since(day, replace(known, name=name, clause=clause, grades=grades))
        case DiscretionBandsRepealed() if day == known.set_from:
            return state.before(day)
        case DiscretionBandsRepealed():
            return state.since(day, replace(known, is_repealed=True))
        case _:
            assert_never(event)


DISCRETION_BAND: Decider[Command, Event, State] = Decider(
    initial=Versions(), decide=decide, evolve=evolve
)


def _set(command: SetDiscretionBands, state: State) -> Sequence[Event]:
    _make_sure(command.grades)
    day, known = command.effective_from, state.last
    wish = DiscretionBandsSet(
        offence=command.offence,
        name=command.name,
        clause=command.clause,
        grades=command.grades,
        effective_from=day,
    )
    if known is None:
        return [wish]
    if evolve(Versions(), wish).last == state.at(day):
        return []  # also after a change: a request that came late must not undo it
    raise Refused("bands-repealed" if known.is_repealed else "bands-exist", field="offence")


def _make_sure(grades: tuple[Grade, ...]) -> None:
    if not grades:
        raise Refused("grades-missing", field="grades")
    if len({each.code for each in grades}) < len(grades):
        raise Refused("grade-twice", field="grade")
    if any(each.most < each.least or each.least < 0 for each in grades):
        raise Refused("bounds-inverted", field="most")


def _standing(state: State, day: date) -> Offence:
    known = state.last
    if known is None:
        raise Refused("bands-unknown", field="offence")
    if known.is_repealed:
        raise Refused("bands-repealed", field="offence")
    if day < state.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")
    return known
