"""Enterprises, days and entries that the tests of the registers tell about."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from kernel.decider import Decider
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.credit_code import check_character

MILL, YARD, DEPOT = "91340200711040652N", "913402001494435763", "91340200MA2N7XQ57M"
FIRST = date(2012, 1, 1)


def on(day: int) -> date:
    """Return the day so many days after the first."""
    return FIRST + timedelta(days=day)


def numbered(number: int) -> str:
    """Return the number of an enterprise that no other has."""
    body = f"91340200{number:09}"
    return body + check_character(body)


def told(decider: Decider[Any, Any, Any], commands: Iterable[object]) -> list[Any]:
    """Return what commands make happen, one after the other; what is refused changes nothing."""
    state, happened = decider.initial, []
    for command in commands:
        try:
            events = decider.decide(command, state)
        except Refused:
            continue
        for event in events:
            state = decider.evolve(state, event)
            happened.append(event)
    return happened


def refusal(decider: Decider[Any, Any, Any], past: Sequence[object], command: object) -> str:
    """Return the code and the field by which a command is refused, "" if it is not."""
    try:
        decider.decide(command, decider.fold(told(decider, past)))
    except Refused as refused:
        return f"{refused.code} {refused.field}".strip()
    return ""
