"""On time or late: what a clock says of a case at an instant."""

from datetime import datetime
from enum import StrEnum

from services.electronic_supervision.domain.clocks import Clock, Course


class Verdict(StrEnum):
    """The five answers; each case has exactly one."""

    ON_TIME = "on_time"
    LATE = "late"
    OPEN = "open"
    OPEN_OVERDUE = "open_overdue"
    NO_LIMIT = "no_limit"


def verdict(clock: Clock, run: Course, at: datetime) -> Verdict:
    """Judge a clock by all that is told; `at` (UTC) only decides whether an open one is overdue."""
    if clock.limit is None:
        return Verdict.NO_LIMIT
    if clock.end is not None:
        late = run.due is not None and run.due.missed_by(clock.end.at)
        return Verdict.LATE if late else Verdict.ON_TIME
    overdue = run.due is not None and run.due.at < at
    return Verdict.OPEN_OVERDUE if overdue else Verdict.OPEN
