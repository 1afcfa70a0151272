"""What is odd about the grades of an offence, though nothing forbids it: overlaps and gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.electronic_supervision.domain.registers.discretion_band_acts import Grade


class Oddity(StrEnum):
    """How the bands of two grades lie to each other."""

    OVERLAP = "overlap"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Two grades, and the fines (fen) that belong to both of them, or to none: from, through."""

    oddity: Oddity
    grades: tuple[str, str]
    least: int
    most: int


def remarks(grades: Iterable[Grade]) -> Sequence[Remark]:
    """Return all overlaps, and all gaps between the least and the most fine.

    Bands that share but one fine do not overlap: 一万元以上, 一万元以下 include it both.
    """
    found: list[Remark] = []
    below: list[Grade] = []
    for grade in sorted(grades, key=lambda each: (each.least, each.most, each.code)):
        for other in below:
            least, most = max(other.least, grade.least), min(other.most, grade.most)
            if least < most or (least == most and _is_one_fine(other, grade)):
                found.append(_remark(Oddity.OVERLAP, other, grade, (least, most)))
        highest = max(below, key=lambda each: each.most, default=None)
        if highest is not None and highest.most + 1 < grade.least:
            bounds = (highest.most + 1, grade.least - 1)
            found.append(_remark(Oddity.GAP, highest, grade, bounds))
        below.append(grade)
    return found


def _is_one_fine(one: Grade, other: Grade) -> bool:
    """Tell whether bands are the same single fine, so that nothing tells them apart."""
    return (one.least, one.most) == (other.least, other.most)


def _remark(oddity: Oddity, one: Grade, other: Grade, bounds: tuple[int, int]) -> Remark:
    least, most = bounds
    return Remark(oddity=oddity, grades=(one.code, other.code), least=least, most=most)
