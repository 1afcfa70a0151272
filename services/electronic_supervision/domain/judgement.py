"""The judgements that follow from a case at an instant: reminder, yellow, red, or a lead."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.clocks import (
    CITIZEN,
    TOTAL,
    Clock,
    Course,
    clocks,
    course,
)
from services.electronic_supervision.domain.stages import Level, Stage, stages
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.limits import Due
from services.electronic_supervision.domain.time.office import Office

NAMESPACE = UUID("5d9c1f0e-6f0b-5f5e-9d58-0b8b6b1c9a51")


class CaseKey(NamedTuple):
    """What a case is called: its number is unique within its source only."""

    source: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One finding on one clock of a case: that it reached a level by passing `due_at` (UTC).

    `due_on` is the local day of that limit (for red: of the supervision limit). `id` derives from
    rule, case with its source, clock, level and due instant, so that neither a replay nor a new
    version of the rule doubles it.
    """

    id: str
    source: str
    case: str
    clock: str
    level: Level
    rule: str
    due_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a judgement rested on when it was raised; later facts may leave it true for other ones.

    `fired_at` (UTC) is when it became true, `limit` the end of the clock's limit (for a red
    card too; None if no limit is behind it), `unit` the one that held the case, `withheld` why a
    lead is not a card, `message` what is wrong in words, where that is not a limit.
    """

    fired_at: datetime
    limit: Due | None
    unit: str
    rule_version: int
    clause: str
    calendar_version: str
    provisional: bool
    facts: tuple[str, ...]
    withheld: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A judgement that holds now, with its evidence as of now."""

    judgement: Judgement
    evidence: Evidence


class Outlook(NamedTuple):
    """What is true of a case, and the instant (UTC) after which more may be if no fact comes.

    `total` is how its total clock runs, None where that leaves the calendar.
    """

    findings: tuple[Finding, ...]
    next_at: datetime | None
    total: Course | None


def judge(key: CaseKey, case: Case, terms: Terms, office: Office, now: datetime) -> Outlook:
    """Tell all that is true of a case at `now` (UTC), by all facts known.

    Nothing of a clock that leaves the calendar, which takes a date at the edge of the years 1 or
    9999; any other date out of range still raises leads.
    """
    findings, awaited = [], []
    total: Course | None = None
    for clock in clocks(case, terms):
        if clock.name == CITIZEN:
            continue
        try:
            run = course(clock, office)
            ahead = tuple(stages(clock, run.due, office))
        except OverflowError:
            continue
        if clock.name == TOTAL:
            total = run
        for stage in ahead:
            if not _reachable(stage, clock):
                continue
            if _reached(stage, now):
                findings.append(_finding(key, case, clock, stage, office))
            else:
                awaited.append(stage.fires_at)
    return Outlook(findings=tuple(findings), next_at=min(awaited, default=None), total=total)


def _reached(stage: Stage, now: datetime) -> bool:
    return now >= stage.fires_at if stage.level is Level.REMINDER else now > stage.fires_at


def _reachable(stage: Stage, clock: Clock) -> bool:
    """Tell whether the case ended too late for this stage to be spared, or has not ended."""
    if clock.end is None:
        return True
    if stage.level is Level.REMINDER:
        return clock.end.at.earliest > stage.fires_at
    return stage.due.missed_by(clock.end.at)


def _finding(key: CaseKey, case: Case, clock: Clock, stage: Stage, office: Office) -> Finding:
    standard = clock.standard
    level, because = stage.level, withheld(case, stage)
    if because:
        level = {Level.YELLOW: Level.YELLOW_LEAD, Level.RED: Level.RED_LEAD}[level]
    cause = (*key, standard.rule, clock.name, level.value, stage.due.at.isoformat())
    judgement = Judgement(
        id=str(uuid5(NAMESPACE, json.dumps(cause))),
        source=key.source,
        case=key.number,
        clock=clock.name,
        level=level,
        rule=standard.rule,
        due_at=stage.due.at,
        due_on=stage.due.on,
    )
    evidence = Evidence(
        fired_at=stage.fires_at,
        limit=stage.limit,
        unit=case.unit,
        rule_version=standard.version,
        clause=standard.clause,
        calendar_version=office.calendar.version,
        provisional=stage.due.provisional,
        facts=_facts(clock),
        withheld=because,
    )
    return Finding(judgement=judgement, evidence=evidence)


def _facts(clock: Clock) -> tuple[str, ...]:
    paused = (fact for pause in clock.pauses for fact in pause.facts)
    extended = (extension.fact for extension in clock.extensions)
    ended = () if clock.end is None else (clock.end.fact,)
    return (clock.start.fact, *paused, *extended, *ended)


def withheld(case: Case, stage: Stage) -> str:
    """Say why no card may rest on this, "" if one may (promise 9)."""
    if stage.level is Level.REMINDER:
        return ""
    if stage.due.provisional:
        return "provisional-date"
    return min((flag.value for flag in case.doubts), default="")
