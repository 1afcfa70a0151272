"""What one case counts for the patterns that are watched, by each of two laws."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.rules.book import book
from services.electronic_supervision.domain.rules.demands import OverTime
from services.electronic_supervision.patterns.occurrences import (
    Held,
    Placed,
    counted_as,
    of_acts,
    of_judgements,
)
from services.electronic_supervision.rehearsal.compare import Compared, Pair, Said


class Side(StrEnum):
    """By which law something counts."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


def only_watched(law: Law, ids: Iterable[str]) -> Law:
    """Leave out the rules over time that nobody watches."""
    wanted = frozenset(ids)
    entries = law.book.entries
    kept = [e for e in entries if not isinstance(e.rule.demand, OverTime) or e.rule.id in wanted]
    return replace(law, book=book(kept))


def counted(compared: Compared, laws: Pair) -> Iterator[tuple[Side, Placed]]:
    """Yield what a case counts; the rules over time of `laws` are only those that are watched."""
    before = _held(compared, laws.before, 0, compared.before)
    after = _held(compared, laws.after, 1, compared.after)
    for count, is_same in (
        (of_acts, compared.is_alike and laws.same_counts),
        (of_judgements, compared.is_alike and compared.before == compared.after and laws.same_sums),
    ):
        if is_same:
            yield from ((Side.BOTH, each) for each in count(before))
        else:
            yield from _sides(count(before), count(after))


def _sides(before: Iterable[Placed], after: Iterable[Placed]) -> Iterator[tuple[Side, Placed]]:
    left, right = dict.fromkeys(before), dict.fromkeys(after)
    yield from ((Side.BOTH if each in right else Side.BEFORE, each) for each in left)
    yield from ((Side.AFTER, each) for each in right if each not in left)


def _held(compared: Compared, law: Law, side: int, said: Said) -> Held:
    return Held(
        key=compared.key,
        case=compared.cases[side],
        matter=compared.matters[side],
        law=law,
        judged=tuple(counted_as(each.judgement, each.evidence) for each in said.findings),
    )
