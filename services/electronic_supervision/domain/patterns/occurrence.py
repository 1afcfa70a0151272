"""What patterns add up: occurrences, and the group that each counts for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.rules.demands import By
from services.electronic_supervision.domain.time.moment import Moment


class Source(NamedTuple):
    """An event that something rests on: source and id together are unique."""

    source: str
    id: str


class Group(NamedTuple):
    """Whose occurrences are added up under a rule.

    `key` is the code of what `by` says, and `unit` the unit concerned, "" if none is. `problem` is
    the rule whose judgements alone are added up, where a cumulation asks for that.
    """

    rule: str
    by: By
    key: str
    unit: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One thing that happened and counts for a group.

    `id` is unique in the group: that of the event, of the judgement, or of the case. `at` is when
    it happened, not when it was heard of. `weight` is 1, or the points of a judgement. For shares,
    all that might be a `hit` is handed in, a hit or not. `numbers` are what a tactic noted of it.
    `doubt` is the code of what can't be true about it, "" if nothing is: no card may need it.
    """

    id: str
    at: Moment
    facts: tuple[Source, ...]
    case: CaseKey | None = None
    weight: int = 1
    judgement: str = ""
    hit: bool = True
    numbers: tuple[tuple[str, float], ...] = ()
    doubt: str = ""


def distinct(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """Return each once, in order of time, whatever order and doubles they come in.

    Two different ones under one id mean that the caller forgot to replace one: then the one that
    comes first by all it says is taken, so that at least every reader takes the same.
    """
    known: dict[str, Occurrence] = {}
    for occurrence in occurrences:
        other = known.setdefault(occurrence.id, occurrence)
        if other is not occurrence and other != occurrence and repr(occurrence) < repr(other):
            known[occurrence.id] = occurrence
    return tuple(sorted(known.values(), key=_order))


def _order(occurrence: Occurrence) -> tuple[object, ...]:
    return occurrence.at.earliest, occurrence.id
