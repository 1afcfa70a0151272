"""Why a clock says what it says: the whole arithmetic, as data that anyone can recompute."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from services.electronic_supervision.domain.case import YEARS, Case, Extension, Flag, Mark
from services.electronic_supervision.domain.clocks import (
    CITIZEN,
    Clock,
    Course,
    course,
    following,
)
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.stages import Stage, stages
from services.electronic_supervision.domain.time.count import account, reach
from services.electronic_supervision.domain.time.hours import MICROSECOND
from services.electronic_supervision.domain.time.intervals import Interval, Reason, merged
from services.electronic_supervision.domain.time.limits import (
    Due,
    Limit,
    StatedDue,
    WorkingDays,
)
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.verdict import Verdict, verdict

HOURLY = frozenset({Reason.OFFICE_HOURS, Reason.ELAPSED, Reason.OUTSIDE_HOURS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The account behind a verdict and the cards that follow from it.

    `within` runs without a gap from the start to the end of the limits (it is empty if a stated end
    came before the start), `beyond` from there to the finish, or to `as_of` while open, and `grace`
    from the limit to the red card's. `over` is what counted beyond the limit, in the unit of the
    last limit: days, or microseconds where that is in hours; beyond an end that the system stated
    itself, working days. No pause counts beyond the limit.

    `extensions` lengthened the limit, `too_late` came after it. `idle` names the facts of pauses
    that stopped nothing for want of a clause. `doubts` are the flags that keep cards back.
    """

    key: CaseKey
    clock: str
    rule: str
    rule_version: int
    clause: str
    calendar_version: str
    confirmed_through: date
    zone: str
    as_of: datetime
    limits: tuple[Limit | StatedDue, ...]
    extensions: tuple[Extension, ...]
    start: Mark
    due: Due | None
    end: Mark | None
    verdict: Verdict
    within: tuple[Interval, ...]
    beyond: tuple[Interval, ...]
    over: int
    stages: tuple[Stage, ...]
    grace: tuple[Interval, ...]
    idle: tuple[str, ...]
    too_late: tuple[Extension, ...]
    doubts: tuple[Flag, ...]


def explain(key: CaseKey, case: Case, clock: Clock, office: Office, as_of: datetime) -> Explanation:
    """Explain what a clock says of its case; `as_of` (UTC) matters while it is open.

    Raises OverflowError when it begins or its limit ends in a year that nobody can mean: each day
    since then would be counted.
    """
    run = course(clock, office)
    ends = () if run.due is None else (run.due.at.year,)
    if any(year not in YEARS for year in (clock.start.at.earliest.year, *ends)):
        raise OverflowError("not a year to count days in")
    beyond = tuple(merged(_beyond(clock, run, office, as_of)))
    carded = clock.name != CITIZEN
    return Explanation(
        key=key,
        clock=clock.name,
        rule=clock.standard.rule,
        rule_version=clock.standard.version,
        clause=clock.standard.clause,
        calendar_version=office.calendar.version,
        confirmed_through=office.calendar.confirmed_through,
        zone=office.zone.key,
        as_of=as_of,
        limits=run.limits,
        extensions=run.counted,
        start=clock.start,
        due=run.due,
        end=clock.end,
        verdict=verdict(clock, run, as_of),
        within=tuple(merged(_within(clock, run, office))),
        beyond=beyond,
        over=sum(interval.amount for interval in beyond),
        stages=tuple(stages(clock, run.due, office)) if carded else (),
        grace=tuple(merged(_grace(clock, run, office))) if carded else (),
        idle=tuple(fact for pause in clock.idle for fact in pause.facts),
        too_late=run.too_late,
        doubts=tuple(sorted(case.doubts)),
    )


def _within(clock: Clock, run: Course, office: Office) -> Iterator[Interval]:
    """Lay the accounts of the limits end to end, each beginning where the one before ended."""
    at: datetime | None = None
    for leg in run.legs:
        if isinstance(leg.limit, StatedDue):
            due = leg.limit.due.latest
            account_of_leg = iter([Interval(leg.start.earliest, due, 0, Reason.STATED)])
        else:
            account_of_leg = reach(leg.limit, leg.start, clock.pauses, office)
        for interval in account_of_leg:
            yield from _from(at, interval)
            at = interval.end


def _grace(clock: Clock, run: Course, office: Office) -> Iterator[Interval]:
    if run.due is not None and run.due.at.year < YEARS.stop:
        for interval in reach(clock.standard.grace, following(run.due, office), (), office):
            yield from _from(run.due.at, interval)


def _beyond(clock: Clock, run: Course, office: Office, as_of: datetime) -> Iterator[Interval]:
    """Go on counting from the limit to the finish, or to now; nothing stops a limit that passed."""
    if run.due is None:
        return
    limit = run.legs[-1].limit
    measure = WorkingDays(1) if isinstance(limit, StatedDue) else limit
    until = clock.end.at.earliest if clock.end else as_of
    for interval in account(measure, following(run.due, office), (), office):
        # a finish at 00:00 falls on the day that begins; a clock's hand has not counted it yet
        if interval.begin > until or (interval.begin == until and clock.end is None):
            return
        for part in _from(run.due.at, interval):
            yield _cut(part, until)


def _from(at: datetime | None, interval: Interval) -> Iterator[Interval]:
    """Keep what of an interval lies after an instant."""
    begin = interval.begin if at is None else max(at, interval.begin)
    if interval.end is None or begin < interval.end:
        yield interval._replace(begin=begin)


def _cut(interval: Interval, until: datetime) -> Interval:
    """End a stretch of hours at an instant; a day counts whole once it has begun."""
    if interval.reason not in HOURLY or interval.end is None or interval.end <= until:
        return interval
    amount = (until - interval.begin) // MICROSECOND if interval.amount else 0
    return interval._replace(end=until, amount=amount)
