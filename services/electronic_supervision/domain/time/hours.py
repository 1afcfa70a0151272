"""Counting in hours: the account of a limit in office hours or by the clock on the wall."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.electronic_supervision.domain.time.days import LEFT_OUT, ONE_DAY
from services.electronic_supervision.domain.time.intervals import Interval, Reason
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.time.pauses import Pause

MICROSECOND = timedelta(microseconds=1)


class Piece(NamedTuple):
    """A stretch of a day before pauses are taken out of it; it counts its time or nothing."""

    begin: datetime
    end: datetime
    counts: bool
    reason: Reason
    note: str = ""
    provisional: bool = False


def count_office_hours(
    start: datetime, pauses: Sequence[Pause], office: Office
) -> Iterator[Interval]:
    """Yield every stretch of time from `start` on, office hours counting their microseconds.

    Ends only with a pause that has no end.
    """
    return _cut(_office_day, start, pauses, office)


def count_hours(start: datetime, pauses: Sequence[Pause], office: Office) -> Iterator[Interval]:
    """Yield every stretch of time from `start` on, each counting its microseconds unless paused."""
    return _cut(_whole_day, start, pauses, office)


# every case of a log asks for the same days: some years of them are remembered
@lru_cache(maxsize=8192)
def _office_day(on: date, office: Office) -> tuple[Piece, ...]:
    return tuple(_pieces(on, office))


def _pieces(on: date, office: Office) -> Iterator[Piece]:
    day = office.calendar.day(on)
    provisional = not office.calendar.is_confirmed(on)
    at, end = office.midnight(on), office.midnight(on + ONE_DAY)
    if not day.working:
        yield Piece(at, end, False, LEFT_OUT[day.kind], day.name, provisional)
        return
    for opens, closes in office.sessions(on):
        if at < opens:
            yield Piece(at, opens, False, Reason.OUTSIDE_HOURS)
        yield Piece(opens, closes, True, Reason.OFFICE_HOURS, day.name, provisional)
        at = closes
    if at < end:
        yield Piece(at, end, False, Reason.OUTSIDE_HOURS)


def _whole_day(on: date, office: Office) -> tuple[Piece, ...]:
    return (Piece(office.midnight(on), office.midnight(on + ONE_DAY), True, Reason.ELAPSED),)


def _cut(
    pieces: Callable[[date, Office], tuple[Piece, ...]],
    start: datetime,
    pauses: Sequence[Pause],
    office: Office,
) -> Iterator[Interval]:
    """Lay the days' pieces end to end from `start` and take the pauses out."""
    on, at = office.local_date(start), start
    while True:
        for piece in pieces(on, office):
            while at < piece.end:
                interval = _next(at, piece, pauses)
                yield interval
                if interval.end is None:
                    return
                at = interval.end
        on = max(on + ONE_DAY, office.local_date(at))  # a pause is left in one stride


def _next(at: datetime, piece: Piece, pauses: Sequence[Pause]) -> Interval:
    """Return the stretch that begins at `at` and is wholly paused or wholly not."""
    end = piece.end
    for pause in pauses:
        if pause.covers(at):
            return Interval(at, pause.end, 0, Reason.PAUSED, pause.note, pause.facts)
        if at < pause.begin < end:
            end = pause.begin
    amount = (end - at) // MICROSECOND if piece.counts else 0
    return Interval(at, end, amount, piece.reason, piece.note, (), piece.provisional)
