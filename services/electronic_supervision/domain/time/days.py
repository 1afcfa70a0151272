"""Counting in days: the account of a limit in working days or calendar days."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from services.electronic_supervision.domain.time.calendar import DayKind
from services.electronic_supervision.domain.time.intervals import Interval, Reason
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.time.pauses import Pause, StoppedDays

ONE_DAY = timedelta(days=1)
WORKED = {DayKind.WORKING: Reason.WORKING_DAY, DayKind.SWAPPED: Reason.SWAPPED}
LEFT_OUT = {DayKind.WEEKEND: Reason.WEEKEND, DayKind.FESTIVAL: Reason.FESTIVAL}


def count_working_days(
    start: Moment, pauses: Sequence[Pause], office: Office
) -> Iterator[Interval]:
    """Yield the day of the start and every day after it, working days counting 1.

    Ends only with a pause that has no end.
    """
    for on, paused in _days(start, pauses, office):
        if paused is not None:
            yield paused
        else:
            yield _working_day(on, office)


def count_calendar_days(
    start: Moment, pauses: Sequence[Pause], office: Office
) -> Iterator[Interval]:
    """Yield the day of the start and every day after it, each counting 1 unless paused."""
    for on, paused in _days(start, pauses, office):
        if paused is not None:
            yield paused
        else:
            yield _calendar_day(on, office)


def move_to_working_day(on: date, pauses: Sequence[Pause], office: Office) -> Iterator[Interval]:
    """Yield the days from the last day of a limit to the working day on which it ends (§203).

    Nothing if the last day is worked; the last interval yielded is that working day.
    """
    if office.calendar.day(on).working:
        return
    for day, paused in _days(Moment.day(on, office.zone), pauses, office, skip_start=True):
        if paused is not None:
            yield paused
            continue
        kind = office.calendar.day(day)
        if kind.working:
            yield _interval(day, office, 0, Reason.MOVED)
            return
        yield _interval(day, office, 0, LEFT_OUT[kind.kind], kind.name)


def _days(
    start: Moment, pauses: Sequence[Pause], office: Office, *, skip_start: bool = False
) -> Iterator[tuple[date, Interval | None]]:
    """Walk the days from the start's, or the stretches of them that for a reason can't count."""
    stops = [stop for pause in pauses if (stop := StoppedDays.of(pause, office)) is not None]
    on = office.local_date(start.earliest)
    if not skip_start:
        midnights = office.midnight(on), office.midnight(on + ONE_DAY)
        yield on, Interval(*midnights, 0, Reason.START_DAY)
    while True:
        on += ONE_DAY
        stop = next((stop for stop in stops if stop.include(on)), None) if stops else None
        if stop is None:
            yield on, None
        else:
            yield on, _paused(on, stop, office)
            if stop.last is None:
                return
            on = stop.last


def _paused(on: date, stop: StoppedDays, office: Office) -> Interval:
    """Lay the rest of a pause in one stretch: a slip of its end may make it last for millennia."""
    end = None if stop.last is None else office.midnight(stop.last + ONE_DAY)
    return Interval(office.midnight(on), end, 0, Reason.PAUSED, stop.pause.note, stop.pause.facts)


# every case of a log asks for the same days: some years of them are remembered
@lru_cache(maxsize=8192)
def _working_day(on: date, office: Office) -> Interval:
    day = office.calendar.day(on)
    if day.working:
        return _interval(on, office, 1, WORKED[day.kind], day.name)
    return _interval(on, office, 0, LEFT_OUT[day.kind], day.name)


@lru_cache(maxsize=8192)
def _calendar_day(on: date, office: Office) -> Interval:
    return _interval(on, office, 1, Reason.CALENDAR_DAY)


def _interval(on: date, office: Office, amount: int, reason: Reason, note: str = "") -> Interval:
    provisional = not office.calendar.is_confirmed(on)
    return Interval(
        office.midnight(on), office.midnight(on + ONE_DAY), amount, reason, note, (), provisional
    )
