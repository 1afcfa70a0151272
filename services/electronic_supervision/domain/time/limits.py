"""The limits a case may have, and the end that each leads to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from services.electronic_supervision.domain.time.moment import Moment


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """So many working days after the day of the start.

    The day of the start does not count (《民法典》第二百零一条).
    """

    days: int


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """So many days after the day of the start, which does not count.

    An end on a day off moves to the next working day (《民法典》第二百零三条).
    """

    days: int


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """So much time inside office hours."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class Hours:
    """So much time by the clock on the wall."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class StatedDue:
    """The end that the supervised system states itself; taken as it is."""

    due: Moment


Limit = WorkingDays | CalendarDays | OfficeHours | Hours
"""A limit that we compute ourselves."""


class Measure(StrEnum):
    """In what a limit is counted, and whatever comes after it too."""

    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    OFFICE_HOURS = "office-hours"
    HOURS = "hours"


def measure_of(limit: Limit | StatedDue) -> Measure:
    """Tell in what a limit is counted; beyond an end that a system states, working days are."""
    match limit:
        case WorkingDays() | StatedDue():
            return Measure.WORKING_DAYS
        case CalendarDays():
            return Measure.CALENDAR_DAYS
        case OfficeHours():
            return Measure.OFFICE_HOURS
        case Hours():
            return Measure.HOURS
        case _:
            assert_never(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The end of a limit.

    `at` is the last instant (UTC) at which finishing is on time; where `whole_day`, that is the
    24:00 of `on`, the last local day on which finishing is on time, and 24:00 itself no longer
    belongs to it. `provisional` says that the end rests on days no notice has settled yet.
    """

    at: datetime
    on: date
    whole_day: bool
    provisional: bool = False

    def missed_by(self, finish: Moment) -> bool:
        """Tell whether a finish is certainly too late; doubt about its time favours it."""
        return finish.earliest > self.at or (self.whole_day and finish.earliest == self.at)
