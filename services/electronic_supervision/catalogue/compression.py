"""How far units have compressed their limits (压缩办理时限): what was promised against the law."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from services.electronic_supervision.domain.catalogue.catalogue import ItemVersion
from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.domain.time.limits import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Compressed:
    """Items of a unit whose statutory and promised limits are counted alike, in one measure.

    Sums are in days, or of hours in minutes.
    """

    measure: Measure
    items: int
    statutory: int
    promised: int
    median_percent: float
    uncompressed: int

    @property
    def percent(self) -> float:
        """Return by how much the sum of the limits was reduced."""
        return 100 * (1 - self.promised / self.statutory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """What became of the limits of a unit's items (of all, where `unit` is empty).

    `uncomparable` items are promised in another measure than the law's, `unpromised` ones have a
    statutory limit and no promise, `unlimited` ones have no statutory limit.
    """

    unit: str
    items: int
    comparable: Sequence[Compressed]
    uncomparable: int
    unpromised: int
    unlimited: int


def compression(versions: Iterable[ItemVersion]) -> list[Compression]:
    """Return a line for each unit in order of their codes, the first one for the whole city."""
    told = sorted(versions, key=lambda each: each.content.unit)
    units = groupby(told, key=lambda each: each.content.unit)
    return [_of("", told), *(_of(unit, list(mine)) for unit, mine in units)]


def _of(unit: str, versions: Sequence[ItemVersion]) -> Compression:
    contents = [each.content for each in versions]
    limited = [each for each in contents if each.statutory is not None]
    pairs = [
        (each.statutory, each.promised)
        for each in limited
        if each.statutory is not None and each.promised is not None
    ]
    alike = [pair for pair in pairs if pair[0].measure is pair[1].measure]
    return Compression(
        unit=unit,
        items=len(contents),
        comparable=_by_measure(alike),
        uncomparable=len(pairs) - len(alike),
        unpromised=len(limited) - len(pairs),
        unlimited=len(contents) - len(limited),
    )


def _by_measure(pairs: Sequence[tuple[Period, Period]]) -> list[Compressed]:
    in_order = sorted(pairs, key=lambda pair: list(Measure).index(pair[0].measure))
    return [
        _compressed(measure, list(mine))
        for measure, mine in groupby(in_order, key=lambda pair: pair[0].measure)
    ]


def _compressed(measure: Measure, pairs: Sequence[tuple[Period, Period]]) -> Compressed:
    return Compressed(
        measure=measure,
        items=len(pairs),
        statutory=sum(law.amount for law, _ in pairs),
        promised=sum(promise.amount for _, promise in pairs),
        median_percent=median(100 * (1 - promise.amount / law.amount) for law, promise in pairs),
        uncompressed=sum(promise.amount == law.amount for law, promise in pairs),
    )
