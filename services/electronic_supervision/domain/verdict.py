"""On time or late: what a clock says of a case at an instant."""

from enum import StrEnum

from services.electronic_supervision.domain.clocks import Clock, Course
from services.electronic_supervision.domain.time.moment import Moment


class Verdict(StrEnum):
    """The five answers; each case has exactly one."""

    ON_TIME = "on_time"
    LATE = "late"
    OPEN = "open"
    OPEN_OVERDUE = "open_overdue"
    NO_LIMIT = "no_limit"


def verdict(clock: Clock, run: Course, at: Moment) -> Verdict:
    """Judge a clock by all that is told; `at` only decides whether an open one is overdue.

    At an instant a limit must have passed. Where `at` is only a day, a limit that ended with the
    day before has.
    """
    due = run.due
    if clock.limit is None:
        return Verdict.NO_LIMIT
    if clock.end is not None:
        return Verdict.LATE if due and due.missed_by(clock.end.at) else Verdict.ON_TIME
    passed = due and (due.missed_by(at) if at.is_day else due.at < at.earliest)
    return Verdict.OPEN_OVERDUE if passed else Verdict.OPEN
