"""What a line of a document comes to: nothing, commands in their turn, or a refusal."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import IntEnum
from types import MappingProxyType

from kernel.document.outcome import Change
from services.evaluation.document.lines import AnyLine
from services.evaluation.domain.refused import Refused
from services.evaluation.store import Command


class Turn(IntEnum):
    """In which order commands of one document are carried out: what others refer to comes first."""

    UNITS = 1
    UNIT_ENDS = 3
    ALIASES_GIVEN = 4
    """after units ended, whose codes are free then"""
    SECTIONS = 5
    PEOPLE = 6
    POSTS = 7
    POST_ENDS = 8
    PEOPLE_ENDS = 9
    SECTION_ENDS = 10


Steps = list[tuple[Turn, Command]]

HOLDS_FROM: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "since": frozenset(),
        "effective_from": frozenset({"name", "group", "unit", "section", "duty"}),
        "a_from": frozenset({"a"}),
        "b_from": frozenset({"b"}),
    }
)
"""Days, and the fields of which each tells from when on they are so."""


def changes(before: AnyLine | None, after: AnyLine) -> list[Change]:
    """Return which fields differ.

    A day that is not told is as it was; that something is so from a day on is true already if it
    has been so for longer.
    """
    told = []
    for field in type(after).model_fields:
        old, new = _text(before, field), _text(after, field)
        if old != new:
            told.append(Change(field=field, before=old, after=new))
    if before is None:
        return told
    differing = {each.field for each in told}
    return [each for each in told if not _is_true(each, differing)]


def _is_true(change: Change, differing: set[str]) -> bool:
    """Tell whether a day that differs says nothing new. Days written as texts are in order."""
    if change.field not in HOLDS_FROM or differing & HOLDS_FROM[change.field]:
        return False
    if change.field == "effective_from":
        return change.before <= change.after
    return not change.after or (change.field != "since" and change.before <= change.after)


def make_sure(lines: tuple[AnyLine, AnyLine], *fixed: str, closed: str) -> None:
    """Refuse what no command could bring about.

    Raises Refused: `closed` (the entry has ended), `field-fixed`, `date-alone` (an
    earlier day than the register knows, of what it says too), `effective-date-too-early` (another
    change came after it).
    """
    before, after = lines
    if _text(before, "closed_from"):
        raise Refused(closed, field="code")
    differing = {each.field for each in changes(before, after)}
    for field in ("since", *fixed):
        if field in differing:
            raise Refused("field-fixed", field=field)
    if "effective_from" in differing and not differing & HOLDS_FROM["effective_from"]:
        raise Refused("date-alone", field="effective_from")
    known, told = (_text(each, "effective_from") for each in lines)
    if differing & HOLDS_FROM["effective_from"] and told < known:
        note = (
            f"名册中已有自 {known} 起的变更，晚于这一行的生效日期 {told}。"
            "如果文件是变更之前导出的，请重新导出，在新的文件上修改。"
        )
        raise Refused("effective-date-too-early", field="effective_from", note=note)


def make_sure_of_day(day: date | None, field: str) -> date:
    """Return the day. Raises Refused `date-missing`."""
    if day is None:
        raise Refused("date-missing", field=field)
    return day


def begin(line: AnyLine) -> date:
    """Return the first day of a new entry."""
    since: date | None = getattr(line, "since", None)
    effective: date = getattr(line, "effective_from", date.min)
    return effective if since is None else since


def in_turn(steps: Sequence[tuple[Turn, Command]]) -> list[tuple[Turn, Command]]:
    """Return the steps in the order of their turns."""
    return sorted(steps, key=lambda step: step[0])


def _text(line: AnyLine | None, field: str) -> str:
    value = None if line is None else getattr(line, field)
    return "" if value is None else str(value)
