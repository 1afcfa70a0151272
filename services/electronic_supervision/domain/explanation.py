"""Why a clock says what it says: the whole arithmetic, as data that anyone can recompute."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from services.electronic_supervision.domain.case import Mark
from services.electronic_supervision.domain.clocks import Clock, Course, course
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.count import account, reach
from services.electronic_supervision.domain.time.days import count_working_days
from services.electronic_supervision.domain.time.hours import MICROSECOND
from services.electronic_supervision.domain.time.intervals import Interval, Reason, merged
from services.electronic_supervision.domain.time.limits import (
    Due,
    Hours,
    Limit,
    OfficeHours,
    StatedDue,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.verdict import Verdict, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The account behind a verdict.

    `within` runs without a gap from the start to the end of the limit, `beyond` from there to the
    finish, or to `as_of` while open; `over` is what counted beyond the limit, in the unit of the
    last limit: days, or microseconds where that is in hours. Beyond an end that the system stated
    itself, working days count. `idle` names pauses that stopped nothing for want of a clause,
    `too_late` extensions given after the limit.
    """

    case: str
    clock: str
    rule: str
    rule_version: int
    clause: str
    calendar_version: str
    confirmed_through: date
    zone: str
    as_of: Moment
    limits: tuple[Limit | StatedDue, ...]
    start: Mark
    due: Due | None
    end: Mark | None
    verdict: Verdict
    within: tuple[Interval, ...]
    beyond: tuple[Interval, ...]
    over: int
    idle: tuple[str, ...]
    too_late: tuple[str, ...]


def explain(case_id: str, clock: Clock, terms: Terms, office: Office, as_of: Moment) -> Explanation:
    """Explain what a clock says of a case; `as_of` matters while it is open."""
    run = course(clock, office)
    until = (clock.end.at if clock.end else as_of).earliest
    beyond = tuple(merged(_beyond(clock, run, office, until)))
    return Explanation(
        case=case_id,
        clock=clock.name,
        rule=terms.rule,
        rule_version=terms.version,
        clause=terms.clause,
        calendar_version=office.calendar.version,
        confirmed_through=office.calendar.confirmed_through,
        zone=office.zone.key,
        as_of=as_of,
        limits=tuple(limit for limit, _ in run.legs),
        start=clock.start,
        due=run.due,
        end=clock.end,
        verdict=verdict(clock, run, as_of),
        within=tuple(merged(_within(clock, run, office))),
        beyond=beyond,
        over=sum(interval.amount for interval in beyond),
        idle=tuple(fact for pause in clock.idle for fact in pause.facts),
        too_late=tuple(extension.fact for extension in run.too_late),
    )


def _within(clock: Clock, run: Course, office: Office) -> Iterator[Interval]:
    """Lay the accounts of the limits end to end, each beginning where the one before ended."""
    at: datetime | None = None
    for limit, start in run.legs:
        for interval in _leg(limit, start, clock, office):
            begin = interval.begin if at is None else max(at, interval.begin)
            if interval.end is None or begin < interval.end:
                yield interval._replace(begin=begin)
            at = interval.end


def _leg(
    limit: Limit | StatedDue, start: Moment, clock: Clock, office: Office
) -> Iterator[Interval]:
    if isinstance(limit, StatedDue):
        due = limit.due.latest
        yield Interval(min(start.earliest, due), due, 0, Reason.STATED)
    else:
        yield from reach(limit, start, clock.pauses, office)


def _beyond(clock: Clock, run: Course, office: Office, until: datetime) -> Iterator[Interval]:
    if run.due is None:
        return
    limit, _ = run.legs[-1]
    after = Moment.day(run.due.on, office.zone)
    if isinstance(limit, StatedDue):
        intervals = count_working_days(after, clock.pauses, office)
    elif isinstance(limit, OfficeHours | Hours):
        intervals = account(limit, Moment.instant(run.due.at), clock.pauses, office)
    else:
        intervals = account(limit, after, clock.pauses, office)
    for interval in _up_to(until, intervals):
        if interval.reason is not Reason.START_DAY:
            yield interval


def _up_to(until: datetime, intervals: Iterator[Interval]) -> Iterator[Interval]:
    """Keep what begins by an instant: whole days, the day of the finish included, or cut hours."""
    for interval in takewhile(lambda interval: interval.begin <= until, intervals):
        timed = interval.reason in {Reason.OFFICE_HOURS, Reason.ELAPSED, Reason.OUTSIDE_HOURS}
        if timed and interval.end is not None and interval.end > until:
            if interval.begin == until:
                return
            amount = (until - interval.begin) // MICROSECOND if interval.amount else 0
            yield interval._replace(end=until, amount=amount)
        else:
            yield interval
