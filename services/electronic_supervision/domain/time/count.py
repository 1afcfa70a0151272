"""From a limit and a start to its end, through one account of counted and uncounted time."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from services.electronic_supervision.domain.time.days import (
    count_calendar_days,
    count_working_days,
    move_to_working_day,
)
from services.electronic_supervision.domain.time.hours import (
    MICROSECOND,
    count_hours,
    count_office_hours,
)
from services.electronic_supervision.domain.time.intervals import Interval
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Due,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.time.pauses import Pause


def account(
    limit: Limit, start: Moment, pauses: Sequence[Pause], office: Office
) -> Iterator[Interval]:
    """Yield the stretches of time from a start, each with what it adds to the limit's count.

    Goes on beyond the limit; ends only with a pause that has no end. `pauses` are effective ones,
    in order. Hours that start on a day of unknown time run from its end, in favour of the official.
    """
    match limit:
        case WorkingDays():
            return count_working_days(start, pauses, office)
        case CalendarDays():
            return count_calendar_days(start, pauses, office)
        case OfficeHours():
            return count_office_hours(start.latest, pauses, office)
        case Hours():
            return count_hours(start.latest, pauses, office)
        case _:
            assert_never(limit)


def budget(limit: Limit) -> int:
    """Return what the account must add up to: days, or microseconds for a limit in hours."""
    match limit:
        case WorkingDays(days) | CalendarDays(days):
            return days
        case OfficeHours(time) | Hours(time):
            return time // MICROSECOND
        case _:
            assert_never(limit)


def reach(
    limit: Limit, start: Moment, pauses: Sequence[Pause], office: Office
) -> Iterator[Interval]:
    """Yield the account of a limit from its start exactly to its end, wherever that is moved to.

    The last interval has no end if a pause that lasts holds the limit.
    Raises OverflowError when the end lies beyond the year 9999.
    """
    left = budget(limit)
    for interval in account(limit, start, pauses, office):
        if interval.amount >= left:
            break
        left -= interval.amount
        yield interval
    else:
        return
    if isinstance(limit, OfficeHours | Hours):
        yield interval._replace(end=interval.begin + left * MICROSECOND, amount=left)
        return
    yield interval
    if isinstance(limit, CalendarDays):
        yield from move_to_working_day(office.local_date(interval.begin), pauses, office)


def end_of(limit: Limit, start: Moment, pauses: Sequence[Pause], office: Office) -> Due | None:
    """Return the end of a limit (at least 1 day or 1 microsecond); None while a pause holds it.

    A limit in days ends at 24:00 of its last day.
    Raises OverflowError when the end lies beyond the year 9999.
    """
    provisional = False
    for last in reach(limit, start, pauses, office):
        provisional = last.provisional or (provisional and not isinstance(limit, CalendarDays))
    if last.end is None:
        return None
    if isinstance(limit, OfficeHours | Hours):
        on = office.local_date(last.end)
        return Due(at=last.end, on=on, whole_day=False, provisional=provisional)
    on = office.local_date(last.begin)
    return Due(at=last.end, on=on, whole_day=True, provisional=provisional)
