"""In what two accounts of one case differ: judgements that appear, vanish or change level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from services.electronic_supervision.domain.irregularity import ACT
from services.electronic_supervision.domain.judgement import Finding
from services.electronic_supervision.domain.stages import Level


class What(StrEnum):
    """What becomes of a judgement."""

    APPEAR = "appear"
    VANISH = "vanish"
    CHANGE = "change"


Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Change(Generic[Told]):
    """What is told by the law as it is, and by the other; one of them may be missing."""

    before: Told | None
    after: Told | None

    @property
    def what(self) -> What:
        """Tell what becomes of it."""
        if self.before is None:
            return What.APPEAR
        return What.VANISH if self.after is None else What.CHANGE

    @property
    def either(self) -> Told:
        """Return what would hold, or what held."""
        found = self.after or self.before
        if found is None:
            raise ValueError
        return found


@dataclass(frozen=True, slots=True)
class Difference(Change[Finding]):
    """One judgement of a case by both laws."""

    @property
    def levels(self) -> tuple[Level | None, Level | None]:
        """Return the level before and after."""
        before, after = self.before, self.after
        return (
            None if before is None else before.judgement.level,
            None if after is None else after.judgement.level,
        )


def differences(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[Difference]:
    """Match what two laws say of a case, and yield what is not the same level in both.

    A judgement on a limit is matched by its clock and stage, first of the same rule, so that a
    limit that moves is no change while what follows from it is the same; one on an act by rule
    and instant.
    """
    left, right = _by_place(before), _by_place(after)
    rest_before = [found for place, found in left.items() if place not in right]
    rest_after = [found for place, found in right.items() if place not in left]
    for place, found in left.items():
        if (other := right.get(place)) is not None:
            yield from _changed(found, other)
    for found in rest_before:
        other = next((each for each in rest_after if _of_one_clock(found, each)), None)
        if other is None:
            yield Difference(found, None)
        else:
            rest_after.remove(other)
            yield from _changed(found, other)
    yield from (Difference(None, found) for found in rest_after)


def _changed(before: Finding, after: Finding) -> Iterator[Difference]:
    if before.judgement.level is not after.judgement.level:
        yield Difference(before, after)


def _by_place(findings: Sequence[Finding]) -> Mapping[tuple[str, str, str], Finding]:
    return {_place(each): each for each in findings}


def _place(found: Finding) -> tuple[str, str, str]:
    judged = found.judgement
    on = judged.due_at.isoformat() if judged.clock == ACT else _stage(found)
    return judged.clock, judged.rule, on


def _of_one_clock(one: Finding, other: Finding) -> bool:
    clock = one.judgement.clock
    return clock != ACT and clock == other.judgement.clock and _stage(one) == _stage(other)


def _stage(found: Finding) -> str:
    return found.judgement.level.removesuffix("-lead")
