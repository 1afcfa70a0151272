"""Which patterns hold of a group by the law, and which days that takes."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date

from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.patterns.count import Step, StepsOn, count, steps
from services.electronic_supervision.domain.patterns.cumulation import cumulate
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.patterns.rate import rates
from services.electronic_supervision.domain.patterns.reach import Days, Reach, later, reach_of
from services.electronic_supervision.domain.patterns.tactics.honest_clock import honest_clocks
from services.electronic_supervision.domain.patterns.telling import summary
from services.electronic_supervision.domain.rules.book import Mode
from services.electronic_supervision.domain.rules.demands import (
    By,
    Count,
    Cumulation,
    Expression,
    HonestClock,
    Rate,
)
from services.electronic_supervision.domain.rules.rule import Rule


def versions(law: Law, id_: str) -> Sequence[Rule]:
    """Return the versions of a rule that judge in earnest on some day."""
    return [each.rule for each in law.book.entries if each.rule.id == id_ and _is_active(each.mode)]


def rule_of(law: Law, finding: PatternFinding) -> Rule:
    """Return the version of the rule that found it."""
    return next(r for r in versions(law, finding.rule) if r.version == finding.version)


def message_of(law: Law, finding: PatternFinding, name: str = "") -> str:
    """Tell a finding in the words of its rule, or in ours where they can't be filled in.

    `name` is that of its subject, its code if none is given.
    """
    rule = rule_of(law, finding)
    if rule.message is not None:
        with suppress(ValueError):
            return rule.message.fill(finding.values(name))
    return summary(finding, law.office.zone, name)


def share_rules(law: Law) -> frozenset[str]:
    """Return the ids of the rules that hold shares against each other."""
    return frozenset(
        each.rule.id
        for each in law.book.entries
        if _is_active(each.mode) and isinstance(each.rule.demand, Rate | HonestClock)
    )


def _is_active(mode: Mode) -> bool:
    return mode is Mode.ACTIVE


def reach(rules: Iterable[Rule], changed: Days) -> Reach:
    """Say how far a change reaches by all versions of a rule together."""
    reaches = [
        reach_of(each.demand.days, changed)
        for each in rules
        if isinstance(each.demand, Count | Cumulation)
    ]
    reaches.append(Reach(load=changed, told=changed))
    return Reach(
        load=Days(min(r.load.first for r in reaches), max(r.load.last for r in reaches)),
        told=Days(min(r.told.first for r in reaches), max(r.told.last for r in reaches)),
    )


def of_group(
    law: Law, rules: Iterable[Rule], group: Group, occurrences: Sequence[Occurrence], told: Days
) -> list[PatternFinding]:
    """Tell what of counts and cumulations holds of one group on the days of `told`."""
    findings: list[PatternFinding] = []
    for rule in rules:
        demand, office = rule.demand, law.office
        if isinstance(demand, Count) and demand.by is group.by:
            on = _steps_on(demand, group, law)
            findings += count(rule, demand, group, occurrences, office, steps_on=on, told=told)
        elif isinstance(demand, Cumulation) and demand.by is group.by:
            findings += cumulate(rule, demand, group, occurrences, office, told=told)
    return findings


def _steps_on(demand: Count, group: Group, law: Law) -> StepsOn | None:
    """Work out thresholds that ask for a quota; where nobody has said one, none is passed."""
    if not any(isinstance(each.at_least, Expression) for each in demand.thresholds):
        return None

    def on(day: date) -> Sequence[Step]:
        is_known = group.by is By.ENTERPRISE
        quota = law.registers.quota(group.unit, group.key, day.year) if is_known else None
        if quota is None:
            return ()
        with suppress(ValueError):  # a formula that comes to no number must not stop all others
            return steps(demand.thresholds, {"quota": quota})
        return ()

    return on


def of_shares(
    law: Law, rules: Iterable[Rule], groups: Mapping[Group, Sequence[Occurrence]], told: Days
) -> list[PatternFinding]:
    """Tell whose share stands out at the end of a day of `told`; all groups are handed in."""
    findings: list[PatternFinding] = []
    for rule in rules:
        match rule.demand:
            case Rate(by=by) as demand:
                alike = {group: each for group, each in groups.items() if group.by is by}
                findings += rates(rule, demand, alike, law.office, told)
            case HonestClock() as tactic:
                findings += honest_clocks(rule, tactic, groups, law.office, told)
            case _:
                pass
    return findings


def loaded_since(rules: Iterable[Rule], first: date) -> date:
    """Return the first local day that shares of `first` and later may rest on."""
    days = (each.demand.days for each in rules if isinstance(each.demand, Rate | HonestClock))
    return later(first, -2 * (max(days, default=1) - 1))
