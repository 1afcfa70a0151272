"""What one case, or one finding, counts for each pattern that is looked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.electronic_supervision.domain.case import Case, Mark
from services.electronic_supervision.domain.clocks import TOTAL, clocks, course
from services.electronic_supervision.domain.facts import (
    Accepted,
    Decided,
    Fact,
    StepStarted,
    Withdrawn,
)
from services.electronic_supervision.domain.judgement import CaseKey, Evidence, Judgement
from services.electronic_supervision.domain.law import Law, Matter, covers, terms_of
from services.electronic_supervision.domain.patterns.cumulation import Judged, added_up
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence, Source
from services.electronic_supervision.domain.patterns.tactics.honest_clock import observe
from services.electronic_supervision.domain.patterns.tactics.observation import Seen
from services.electronic_supervision.domain.rules.book import Mode
from services.electronic_supervision.domain.rules.demands import (
    By,
    Count,
    Cumulation,
    HonestClock,
    Rate,
)
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.surroundings import SUPPLEMENT, Surroundings
from services.electronic_supervision.domain.time.moment import Moment


class Placed(NamedTuple):
    """An occurrence with the group that it counts for."""

    group: Group
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A case by the law, with the judgements that stand against it (their keys still unnamed)."""

    key: CaseKey
    case: Case
    matter: Matter
    law: Law
    judged: tuple[Judged, ...] = ()


def counted_as(judgement: Judgement, evidence: Evidence) -> Judged:
    """Return a judgement of a case as patterns count it."""
    source = judgement.source
    return Judged(
        id=judgement.id,
        rule=judgement.rule,
        level=judgement.level.value,
        at=evidence.fired_at,
        keys={By.UNIT: evidence.unit},
        case=CaseKey(source, judgement.case),
        facts=tuple(Source(source, fact) for fact in evidence.facts),
    )


def occurrences_of(held: Held) -> Iterator[Placed]:
    """Yield what a case counts, each by the rules of the local day on which that happened."""
    yield from of_acts(held)
    yield from of_judgements(held)


def of_acts(held: Held) -> Iterator[Placed]:
    """Yield what a case counts by what was done, however it is judged."""
    yield from _acts(held)
    yield from _observed(held)


def of_judgements(held: Held) -> Iterator[Placed]:
    """Yield what the judgements that stand against a case count."""
    for judged in held.judged:
        named = {**_keys(held, None), **judged.keys}
        yield from added(replace(judged, keys=named), held.law, held.matter)


def added_finding(finding: PatternFinding, law: Law) -> Iterator[Placed]:
    """Yield what a finding that stands counts for cumulations."""
    level = f"{finding.level.value}-lead" if finding.withheld else finding.level.value
    judged = Judged(
        id=finding.id,
        rule=finding.rule,
        level=level,
        at=finding.at,
        keys={finding.group.by: finding.group.key, By.UNIT: finding.unit},
        facts=finding.facts,
    )
    yield from added(judged, law, Matter(unit=finding.unit, code=""))


def added(judged: Judged, law: Law, matter: Matter) -> Iterator[Placed]:
    """Yield what a judgement counts for each cumulation."""
    cumulations = frozenset(
        each.rule.id for each in law.book.entries if isinstance(each.rule.demand, Cumulation)
    )
    for entry in law.book.by_kind(Cumulation, law.day(Moment.instant(judged.at))):
        rule, demand = entry.rule, entry.rule.demand
        if not isinstance(demand, Cumulation) or not _is_meant(rule, entry.mode, matter):
            continue
        counted = added_up(rule.id, demand, judged, cumulations)
        if counted is not None and counted[0].unit:
            yield Placed(*counted)


def _acts(held: Held) -> Iterator[Placed]:
    for act in held.case.acts:
        for entry in held.law.book.on(act.type, held.law.day(act.at)):
            rule, demand = entry.rule, entry.rule.demand
            if not isinstance(demand, Count | Rate):
                continue
            keys = _keys(held, act)
            key, unit = keys.get(demand.by, ""), keys[By.UNIT]
            if not key or not unit or not _is_meant(rule, entry.mode, held.matter):
                continue
            is_hit = _is_hit(held, act, demand)
            if is_hit or isinstance(demand, Rate):
                yield Placed(
                    Group(rule.id, demand.by, key, unit), _occurrence(held, act, is_hit=is_hit)
                )


def _is_hit(held: Held, act: Fact, demand: Count | Rate) -> bool:
    if demand.when is None:
        return True
    around = Surroundings(key=held.key, case=held.case, act=act, matter=held.matter, law=held.law)
    try:
        return demand.when.value(around.values(demand.when.names)) is True
    except ValueError:
        return False


def _occurrence(held: Held, act: Fact, *, is_hit: bool) -> Occurrence:
    return Occurrence(
        id=f"{held.key.source}\n{act.id}",
        at=act.at,
        facts=(Source(held.key.source, act.id),),
        case=held.key,
        hit=is_hit,
        doubt=_doubt(held.case),
    )


def _observed(held: Held) -> Iterator[Placed]:
    if HonestClock not in held.law.book.kinds or not held.matter.unit:
        return
    seen = seen_of(held)
    for entry in held.law.book.entries:
        rule, demand = entry.rule, entry.rule.demand
        if not isinstance(demand, HonestClock) or not _is_meant(rule, entry.mode, held.matter):
            continue
        occurrence = observe(demand.tactic, seen)
        if occurrence is None or not _holds_on(rule, held.law, occurrence.at):
            continue
        unit = held.matter.unit
        yield Placed(Group(rule.id, By.UNIT, unit, unit), occurrence)


def seen_of(held: Held) -> Seen:
    """Return what of a case tactics look at."""
    terms = terms_of(held.case, held.matter, held.law)
    total = next((each for each in clocks(held.case, terms) if each.name == TOTAL), None)
    try:
        run = None if total is None else course(total, held.law.office)
    except OverflowError:
        run = None
    acts = held.case.acts
    closings = _marks(act for act in acts if isinstance(act.what, Decided | Withdrawn))
    again = [act for act in acts if isinstance(act.what, Accepted)][1:]
    return Seen(
        key=held.key,
        case=held.case,
        facts=acts,
        total=total,
        course=run,
        supplements=_marks(act for act in acts if act.type == SUPPLEMENT),
        closings=closings,
        reopenings=_marks(again),
        office=held.law.office,
    )


def _marks(acts: Iterable[Fact]) -> tuple[Mark, ...]:
    return tuple(Mark(at=act.at, fact=act.id) for act in acts)


def _is_meant(rule: Rule, mode: Mode, matter: Matter) -> bool:
    return mode is Mode.ACTIVE and covers(rule, matter)


def _holds_on(rule: Rule, law: Law, at: Moment) -> bool:
    day = law.day(at)
    return rule.effective_from <= day and (
        rule.effective_until is None or day < rule.effective_until
    )


def _keys(held: Held, act: Fact | None) -> Mapping[By, str]:
    """Name of whom something is; applicants are never named, they are in no message."""
    case, accepted = held.case, held.case.acceptance
    enterprise = accepted.enterprise if accepted else ""
    if act is not None:
        around = Surroundings(key=held.key, case=case, act=act, matter=held.matter, law=held.law)
        enterprise = around.enterprise
    return {
        By.CASE: "|".join(held.key),
        By.UNIT: (act.unit if act is not None else "") or case.unit,
        By.ITEM: held.matter.code,
        By.POST: _post(case, act),
        By.ENTERPRISE: enterprise,
        By.SOURCE: held.key.source,
    }


def _post(case: Case, act: Fact | None) -> str:
    """Name the post that held the case at an act, or holds it now."""
    post = ""
    for each in case.acts:
        if isinstance(each.what, StepStarted) and each.what.holder:
            post = each.what.holder
        if act is not None and each.id == act.id:
            break
    return post


def _doubt(case: Case) -> str:
    return min((flag.value for flag in case.doubts), default="")
