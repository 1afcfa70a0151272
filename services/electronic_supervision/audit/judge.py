"""Judge a logged case with the engine that judges live ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.electronic_supervision.audit.assemble import LoggedCase
from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.clocks import clocks, course
from services.electronic_supervision.domain.explanation import Explanation, explain
from services.electronic_supervision.domain.facts import Accepted, Decided, Fact, StepFinished
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.terms import Standard, Terms
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Due,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.verdict import Verdict, verdict
from services.electronic_supervision.log import map as log_map

STATED = Terms(
    whole=Standard(
        rule="audit-stated-due", version=1, clause="被监察系统自报的期限（对照表 due_at）"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What cases of a source are judged by: office time, its map's limit if any, and two instants.

    `as_of` decides whether an open case is overdue, `now` whether a time is in the future (UTC).
    """

    source: str
    office: Office
    limit: Limit | None
    as_of: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCase:
    """A logged case with its verdict; `anomalies` are codes.

    `working_days_used` run from acceptance to the finish, or to `as_of` while open.
    """

    logged: LoggedCase
    verdict: Verdict
    due: Due | None
    working_days_used: int
    anomalies: frozenset[str]


def limit_of(mapped: log_map.Limit | None) -> Limit | None:
    """Translate the limit of a map."""
    match mapped:
        case None:
            return None
        case log_map.Limit(working_days=int(days)):
            return WorkingDays(days)
        case log_map.Limit(calendar_days=int(days)):
            return CalendarDays(days)
        case log_map.Limit(office_hours=float(hours)):
            return OfficeHours(timedelta(hours=hours))
        case _:
            return Hours(timedelta(hours=mapped.hours or 0))


def judge(logged: LoggedCase, bench: Bench) -> JudgedCase:
    """Judge a case by all that its log tells.

    Raises OverflowError when the end of its limit lies beyond the year 9999.
    """
    case = fold(_facts(logged, bench.now))
    clock = next(clocks(case, _terms(logged, bench)))
    run = course(clock, bench.office)
    until = bench.as_of if logged.finished is None else logged.finished.earliest
    begun, ended = (bench.office.local_date(at) for at in (logged.accepted.earliest, until))
    return JudgedCase(
        logged=logged,
        verdict=verdict(clock, run, bench.as_of),
        due=run.due,
        working_days_used=bench.office.calendar.working_days(begun, ended),
        anomalies=logged.anomalies.union(flag.value for flag in case.flags),
    )


def explain_case(logged: LoggedCase, bench: Bench) -> Explanation:
    """Explain the verdict that `judge` gives."""
    case, terms = fold(_facts(logged, bench.now)), _terms(logged, bench)
    key = CaseKey(source=bench.source, number=logged.id)
    return explain(key, case, next(clocks(case, terms)), bench.office, bench.as_of)


def _terms(logged: LoggedCase, bench: Bench) -> Terms:
    """Judge by the end that the system states for this case; where it states none, by our limit."""
    if logged.due is not None or bench.limit is None:
        return STATED
    whole = Standard(rule="audit-limit", version=1, clause="对照表 limit 规定的时限")
    return Terms(whole=whole, limit=bench.limit)


def _facts(logged: LoggedCase, now: datetime) -> list[Fact]:
    """Tell the engine what the log tells us; each fact is named by its field in the map."""
    what = Accepted(unit=logged.unit, item=logged.item, stated_due=logged.due)
    facts = [Fact(id="accepted_at", at=logged.accepted, recorded_at=now, what=what)]
    for number, step in enumerate(logged.steps, 1):
        done = StepFinished(step=step.name)
        facts.append(Fact(id=f"event.at-{number}", at=step.at, recorded_at=now, what=done))
    if logged.finished is not None:
        facts.append(Fact(id="finished_at", at=logged.finished, recorded_at=now, what=Decided()))
    return facts
