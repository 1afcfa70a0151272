"""Which patterns over time two laws may tell otherwise, and which others these count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.rules.book import Entry, Mode
from services.electronic_supervision.domain.rules.demands import (
    Absence,
    Count,
    Cumulation,
    Demand,
    HonestClock,
    Level,
    OverTime,
    Rate,
    StepLimits,
    Tactic,
    WholeCase,
)
from services.electronic_supervision.domain.rules.rule import Rule

BY_LIMITS = frozenset({Tactic.PAUSES_BEFORE_LIMIT, Tactic.CLOSURES_ON_LIMIT})
"""Tactics that are looked for by the limit of a case; others only by what happened."""
NO_CARDS = frozenset({Level.LEAD.value})
ALL_LEVELS = frozenset(
    {
        *(each.value for each in Level),
        *(f"{each.value}-lead" for each in (Level.YELLOW, Level.RED)),
    }
)


@dataclass(frozen=True, slots=True)
class Watched:
    """Ids of rules over time: those that may tell something else, and all that they rest on.

    `rounds` hold both, each in a later round than all that it counts.
    """

    differing: frozenset[str] = frozenset()
    rounds: tuple[tuple[str, ...], ...] = ()
    judgements: bool = False
    """Whether any of them counts judgements, so that each of every case matters."""
    types: frozenset[str] | None = frozenset()
    """The events without which a case counts for none of them; None if any case may."""


def watched(before: Law, after: Law, own: Iterable[Entry]) -> Watched:
    """Find out once what has to be counted over time; `own` are the rules of only one law."""
    rules = list(_over_time(before, after))
    around = not (
        before.office is after.office
        and before.registers is after.registers
        and before.catalogue is after.catalogue
    )
    changed = [each.rule for each in own]
    differing = {each.id for each in changed if isinstance(each.demand, OverTime)}
    on_cases = [each for each in changed if not isinstance(each.demand, OverTime)]
    clocks = any(isinstance(each.demand, WholeCase | StepLimits) for each in on_cases)
    for each in rules:
        match each.demand:
            case Count() | Rate():
                is_other = around
            case HonestClock(tactic=tactic):
                is_other = around or (clocks and tactic in BY_LIMITS)
            case Cumulation():
                is_other = around or any(_may_count(each, other) for other in on_cases)
            case _:
                is_other = False
        if is_other:
            differing.add(each.id)
    known = {each.id for each in rules}
    differing = _closed(differing & known, rules, upwards=True)
    needed = _closed(set(differing), rules, upwards=False)
    told = [each for each in rules if each.id in needed]
    return Watched(
        differing=frozenset(differing),
        rounds=tuple(_rounds(told)),
        judgements=any(isinstance(each.demand, Cumulation) for each in told),
        types=_types(told),
    )


def _over_time(*laws: Law) -> Iterator[Rule]:
    """Yield every version that adds something up in earnest, by either law."""
    for entry in dict.fromkeys(entry for law in laws for entry in law.book.entries):
        demand = entry.rule.demand
        is_told = isinstance(demand, OverTime) and not isinstance(demand, Absence)
        if entry.mode is Mode.ACTIVE and is_told:
            yield entry.rule


def _may_count(rule: Rule, other: Rule) -> bool:
    """Tell whether a judgement by another rule may count for a cumulation."""
    demand = rule.demand
    if not isinstance(demand, Cumulation) or rule.id == other.id:
        return False
    is_sum = isinstance(other.demand, Cumulation)
    is_meant = other.id in demand.of if demand.of else not is_sum
    return is_meant and not _levels(other.demand).isdisjoint(demand.points)


def _levels(demand: Demand) -> frozenset[str]:
    match demand:
        case HonestClock():
            return NO_CARDS
        case Count(thresholds=thresholds) | Cumulation(thresholds=thresholds):
            levels = {each.level.value for each in thresholds}
        case Rate(level=level):
            levels = {level.value}
        case _:
            return ALL_LEVELS
    return frozenset(levels | {f"{level}-lead" for level in levels})


def _closed(ids: set[str], rules: list[Rule], *, upwards: bool) -> set[str]:
    """Add those that count these, or those that these count, until none is missing."""
    while True:
        pairs = [(each, other) for each in rules for other in rules if _may_count(each, other)]
        if upwards:
            more = {each.id for each, other in pairs if other.id in ids}
        else:
            more = {other.id for each, other in pairs if each.id in ids}
        if more <= ids:
            return ids
        ids |= more


def _rounds(rules: list[Rule]) -> Iterator[tuple[str, ...]]:
    """Yield each once, later than all that it counts; a circle, which nobody can enact, at last."""
    rest = {each.id for each in rules}
    while rest:
        ready = {
            id_
            for id_ in rest
            if not any(
                _may_count(each, other)
                for each in rules
                for other in rules
                if each.id == id_ and other.id in rest
            )
        }
        yield tuple(sorted(ready or rest))
        rest -= ready or rest


def _types(rules: Iterable[Rule]) -> frozenset[str] | None:
    types: set[str] = set()
    for each in rules:
        if not isinstance(each.demand, Count | Rate):
            return None
        types |= set(each.demand.on)
    return frozenset(types)
