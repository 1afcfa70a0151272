"""What about a case breaks a rule at once, whatever its limits: acts, and steps out of order."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from services.electronic_supervision.domain.case import CLOCK_SKEW, YEARS, Case, Flag
from services.electronic_supervision.domain.facts import (
    Decided,
    Delivered,
    Fact,
    StepFinished,
    StepStarted,
)
from services.electronic_supervision.domain.judgement import (
    NAMESPACE,
    CaseKey,
    Evidence,
    Finding,
    Judgement,
)
from services.electronic_supervision.domain.law import Law, Matter, covers
from services.electronic_supervision.domain.rules.book import Entry, Mode
from services.electronic_supervision.domain.rules.demands import Forbidden, Order
from services.electronic_supervision.domain.rules.demands import Level as Wanted
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.sequence import Disorder, disorders
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.domain.surroundings import Surroundings

ACT = "act"
"""Stands where a judgement on a limit names its clock."""

LEVELS: Mapping[Wanted, Level] = {
    Wanted.LEAD: Level.LEAD,
    Wanted.REMINDER: Level.REMINDER,
    Wanted.YELLOW: Level.YELLOW,
    Wanted.RED: Level.RED,
}
IN_DOUBT = {Level.YELLOW: Level.YELLOW_LEAD, Level.RED: Level.RED_LEAD}


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule whose formula could not be worked out on an act, and why, for its author."""

    rule: str
    version: int
    fact: str
    words: str


def irregularities(
    key: CaseKey, case: Case, matter: Matter, law: Law, now: datetime
) -> Iterator[Finding | Failed]:
    """Yield all that is irregular about the acts of a case until `now` (UTC).

    Each act is held against the rules of its own day. Two acts of one instant that break the same
    rule are one finding.
    """
    told: set[str] = set()
    in_order = Order in law.book.kinds
    for act in case.acts:
        if act.at.earliest > now or not (in_order or act.type in law.book.types):
            continue
        around = Surroundings(key=key, case=case, act=act, matter=matter, law=law)
        for found in (*_forbidden(around), *_out_of_order(around)):
            if isinstance(found, Finding):
                if found.judgement.id in told:
                    continue
                told.add(found.judgement.id)
            yield found


def _forbidden(around: Surroundings) -> Iterator[Finding | Failed]:
    act, law = around.act, around.law
    for entry in law.book.on(act.type, law.day(act.at)):
        rule, demand = entry.rule, entry.rule.demand
        if isinstance(demand, Forbidden) and _counts(entry, around.matter):
            yield from _held_against(rule, demand, around)


def _out_of_order(around: Surroundings) -> Iterator[Finding]:
    act, law = around.act, around.law
    if not isinstance(act.what, StepStarted | StepFinished | Decided | Delivered):
        return
    for entry in law.book.by_kind(Order, law.day(act.at)):
        rule, demand = entry.rule, entry.rule.demand
        if not isinstance(demand, Order) or not _counts(entry, around.matter):
            continue
        for each in disorders(around.case, demand.steps or tuple(around.matter.steps)):
            if each.act.id == act.id:
                yield _finding(rule, demand.level, around, {"disorder": _words(each)})


def _counts(entry: Entry, matter: Matter) -> bool:
    return entry.mode is Mode.ACTIVE and covers(entry.rule, matter)


def _held_against(
    rule: Rule, demand: Forbidden, around: Surroundings
) -> Iterator[Finding | Failed]:
    try:
        if demand.when.value(around.values(demand.when.names)) is True:
            yield _finding(rule, demand.level, around, {})
    except ValueError as error:
        yield Failed(rule.id, rule.version, around.act.id, str(error))


def _words(disorder: Disorder) -> Mapping[str, object]:
    return {"step": disorder.step, "kind": disorder.kind.value, "other": disorder.other}


def _finding(
    rule: Rule, wanted: Wanted, around: Surroundings, more: Mapping[str, object]
) -> Finding:
    act, law, key = around.act, around.law, around.key
    level, withheld = LEVELS[wanted], ""
    if level in IN_DOUBT:
        withheld = min(_doubts(around.case, act), default="")
        level = IN_DOUBT[level] if withheld else level
    at = act.at.earliest
    cause = (*key, rule.id, ACT, level.value, at.isoformat())
    judgement = Judgement(
        id=str(uuid5(NAMESPACE, json.dumps(cause))),
        source=key.source,
        case=key.number,
        clock=ACT,
        level=level,
        rule=rule.id,
        due_at=at,
        due_on=law.day(act.at),
    )
    evidence = Evidence(
        fired_at=at,
        limit=None,
        unit=act.unit or around.case.unit,
        rule_version=rule.version,
        clause=rule.clause,
        calendar_version=law.office.calendar.version,
        provisional=False,
        facts=(act.id,),
        withheld=withheld,
        message=_message(rule, around, more),
    )
    return Finding(judgement=judgement, evidence=evidence)


def _message(rule: Rule, around: Surroundings, more: Mapping[str, object]) -> str:
    """Fill the facts in; where that fails, the title of the rule has to do."""
    if rule.message is None:
        return rule.title
    try:
        return rule.message.fill({**around.values(rule.message.names), **more})
    except ValueError:
        return rule.title


def _doubts(case: Case, act: Fact) -> Iterator[str]:
    """Name what keeps a card back: doubts about the case, or about this very act."""
    yield from (flag.value for flag in case.doubts)
    if act.at.earliest > act.recorded_at + CLOCK_SKEW:
        yield Flag.FUTURE_TIME.value
    if act.at.earliest.year not in YEARS:
        yield Flag.TIME_OUT_OF_RANGE.value
