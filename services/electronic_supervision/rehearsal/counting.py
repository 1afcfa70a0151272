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
    occurrences_of,
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
    before = _placed(compared, laws.before, 0, compared.before)
    is_one_law = laws.before is laws.after and compared.cases[0] is compared.cases[1]
    if is_one_law and compared.before == compared.after:
        yield from ((Side.BOTH, each) for each in before)
        return
    after = _placed(compared, laws.after, 1, compared.after)
    others = set(after)
    for each in before:
        yield (Side.BOTH if each in others else Side.BEFORE), each
    known = set(before)
    yield from ((Side.AFTER, each) for each in after if each not in known)


def _placed(compared: Compared, law: Law, side: int, said: Said) -> list[Placed]:
    held = Held(
        key=compared.key,
        case=compared.cases[side],
        matter=compared.matters[side],
        law=law,
        judged=tuple(counted_as(each.judgement, each.evidence) for each in said.findings),
    )
    return list(dict.fromkeys(occurrences_of(held)))
