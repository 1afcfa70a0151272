"""Which facts stand, once doubles are dropped and voided and corrected ones struck out."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from services.electronic_supervision.domain.facts import (
    Accepted,
    Fact,
    Paused,
    Resumed,
    StepFinished,
    StepStarted,
    Voided,
)


def standing(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts that stand, in order of time; the same for any order of delivery.

    A fact is struck out by a standing fact that voids or corrects it: so voiding a void, or a
    correction, brings the struck fact back. Facts that strike each other out in a circle all stand.
    Of two facts with one id, which the intake refuses, the one noted first stands.
    """
    known: dict[str, Fact] = {}
    for fact in facts:
        other = known.setdefault(fact.id, fact)
        if other is not fact and _noted(fact) < _noted(other):
            known[fact.id] = fact
    struck = _struck(known)
    return tuple(sorted((fact for fact in known.values() if fact.id not in struck), key=_order))


def _target(fact: Fact) -> str | None:
    return fact.what.fact if isinstance(fact.what, Voided) else fact.corrects


def _struck(known: dict[str, Fact]) -> set[str]:
    """Settle who is struck out, from the facts that nothing strikes down to their targets."""
    targets = {id_: target for id_, fact in known.items() if (target := _target(fact)) in known}
    if not targets:
        return set()
    strikers = defaultdict(set)
    for id_, target in targets.items():
        strikers[target].add(id_)
    struck: set[str] = set()
    settled = [id_ for id_ in known if not strikers[id_]]
    while settled:
        id_ = settled.pop()
        target = targets.get(id_)
        if target is None:
            continue
        if id_ not in struck:
            struck.add(target)
        strikers[target].discard(id_)
        if not strikers[target]:
            settled.append(target)
    return struck


def _noted(fact: Fact) -> tuple[datetime, str]:
    return fact.recorded_at, repr(fact)


def _order(fact: Fact) -> tuple[datetime, int, str]:
    return fact.at.earliest, _rank(fact), fact.id


def _rank(fact: Fact) -> int:
    """Order what is told of one instant: nothing is resumed or finished before it began."""
    match fact.what:
        case Accepted():
            return 0
        case Paused() | StepStarted():
            return 1
        case Resumed() | StepFinished():
            return 3
        case _:
            return 2
