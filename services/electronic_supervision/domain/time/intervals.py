"""The account of a clock: every stretch of time from its start, counted or not, and why."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why a stretch of time was counted or left out."""

    START_DAY = "start-day"  # 开始的当日不计入
    WORKING_DAY = "working-day"
    SWAPPED = "swapped-working-day"
    CALENDAR_DAY = "calendar-day"
    OFFICE_HOURS = "office-hours"
    ELAPSED = "elapsed"
    WEEKEND = "weekend"
    FESTIVAL = "festival"
    OUTSIDE_HOURS = "outside-hours"
    PAUSED = "paused"
    MOVED = "moved-to-working-day"  # 期间最后一日是休假日的顺延
    STATED = "stated"  # the system named the end itself, not what it counted


class Interval(NamedTuple):
    """A stretch [begin, end) of one kind, in UTC; `end` is None for a pause that still lasts.

    `amount` is what it adds to the count: days, or microseconds where the limit is in hours; 0 if
    it was left out. `note` is the festival's name, or the ground of the pause with its clause.
    """

    begin: datetime
    end: datetime | None
    amount: int
    reason: Reason
    note: str = ""
    facts: tuple[str, ...] = ()
    provisional: bool = False


def merged(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """Join neighbours of one kind, so that a person can read the account."""
    held: Interval | None = None
    for interval in intervals:
        if held is None:
            held = interval
        elif held.end == interval.begin and held[3:] == interval[3:]:
            held = held._replace(end=interval.end, amount=held.amount + interval.amount)
        else:
            yield held
            held = interval
    if held is not None:
        yield held
