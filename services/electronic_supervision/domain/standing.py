"""Which facts stand, once doubles are dropped and voided and corrected ones struck out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from services.electronic_supervision.domain.facts import (
    Accepted,
    Begun,
    Fact,
    Paused,
    Resumed,
    StepFinished,
    StepStarted,
    Voided,
)


def standing(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts that stand, in order of time; the same for any order of delivery.

    A voiding holds while it stands itself: voiding it brings the fact back. A correction holds
    unless it is voided: a correction corrected in its turn still replaces the first fact. Facts
    that strike each other out in a circle all stand. Of two facts with one id, which the intake
    refuses, the one noted first stands.
    """
    known: dict[str, Fact] = {}
    for fact in facts:
        other = known.setdefault(fact.id, fact)
        if other is not fact and _noted(fact) < _noted(other):
            known[fact.id] = fact
    struck = _struck(known)
    return tuple(sorted((fact for fact in known.values() if fact.id not in struck), key=_order))


def _struck(known: Mapping[str, Fact]) -> set[str]:
    """Settle who is struck out, from the facts that nothing strikes down to their targets."""
    if not any(_may_strike(fact) for fact in known.values()):
        return set()  # as in nearly every case
    strikes = {fact.id: _strikes(fact, known) for fact in known.values()}
    waiting = Counter(target for each in strikes.values() for target, _ in each)
    voided: set[str] = set()
    struck: set[str] = set()
    settled = [id_ for id_ in known if not waiting[id_]] if waiting else []
    while settled:
        id_ = settled.pop()
        for target, is_void in strikes[id_]:
            if id_ not in (struck if is_void else voided):
                struck.add(target)
                if is_void:
                    voided.add(target)
            waiting[target] -= 1
            if not waiting[target]:
                settled.append(target)
    return struck


def _may_strike(fact: Fact) -> bool:
    return fact.corrects is not None or isinstance(fact.what, Voided)


def _strikes(fact: Fact, known: Mapping[str, Fact]) -> list[tuple[str, bool]]:
    """Return the facts that this one voids (True) or corrects (False)."""
    strikes = [(fact.what.fact, True)] if isinstance(fact.what, Voided) else []
    if fact.corrects is not None:
        strikes.append((fact.corrects, False))
    return [(target, is_void) for target, is_void in strikes if target in known]


def _noted(fact: Fact) -> tuple[datetime, str]:
    return fact.recorded_at, repr(fact)


def _order(fact: Fact) -> tuple[datetime, int, str]:
    return fact.at.earliest, _rank(fact), fact.id


def _rank(fact: Fact) -> int:
    """Order what is told of one instant: nothing is resumed or finished before it began."""
    match fact.what:
        case Begun():
            return 0
        case Accepted():
            return 1
        case Paused() | StepStarted():
            return 2
        case Resumed() | StepFinished():
            return 4
        case _:
            return 3
