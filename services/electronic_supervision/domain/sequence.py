"""Steps of a case that were left out, or begun before one that precedes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.facts import Fact, StepFinished, StepStarted


class Kind(StrEnum):
    """In what way steps are out of order."""

    REVERSED = "reversed"
    """倒序"""
    SKIPPED = "skipped"
    """跳步"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disorder:
    """A step out of order: `act` is the fact that shows it, `other` the step it should precede."""

    kind: Kind
    step: str
    other: str
    act: Fact


def disorders(case: Case, steps: Sequence[str]) -> Iterator[Disorder]:
    """Yield each step that first began after a later one had, or never, when the case ended.

    A step gone through again is none. Nothing is said of a case whose system tells of no steps.
    """
    begun = _first_acts(case, steps)
    for place, step in enumerate(steps):
        later = [other for other in steps[place + 1 :] if other in begun]
        if not later:
            continue
        other = min(later, key=lambda each: begun[each][0])
        if step in begun:
            at, act = begun[step]
            if at > begun[other][0]:
                yield Disorder(kind=Kind.REVERSED, step=step, other=other, act=act)
        elif (ended := _end(case)) is not None:
            yield Disorder(kind=Kind.SKIPPED, step=step, other=other, act=ended)


def _first_acts(case: Case, steps: Sequence[str]) -> dict[str, tuple[int, Fact]]:
    """Return the first fact of each step, with its place among all facts."""
    found: dict[str, tuple[int, Fact]] = {}
    for place, act in enumerate(case.acts):
        match act.what:
            case StepStarted(step=step) | StepFinished(step=step) if step in steps:
                found.setdefault(step, (place, act))
            case _:
                pass
    return found


def _end(case: Case) -> Fact | None:
    """Return the decision; what was withdrawn need not have gone through all steps."""
    withdrawn = case.received is not None and case.received == case.ended
    if case.ended is None or withdrawn:
        return None
    return next((act for act in case.acts if act.id == case.ended.fact), None)
