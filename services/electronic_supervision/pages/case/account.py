"""The account of a clock, asked day by day: what a day counts, or why it does not."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Self

from services.electronic_supervision.domain.explanation import HOURLY
from services.electronic_supervision.domain.time.intervals import Interval, Reason
from services.electronic_supervision.domain.time.office import Office

ONE_DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
LEFT_OUT = {
    Reason.START_DAY: ("start", "起"),
    Reason.WEEKEND: ("off", "休"),
    Reason.FESTIVAL: ("festival", "节"),
    Reason.PAUSED: ("paused", "停"),
    Reason.MOVED: ("moved", "顺"),
    Reason.STATED: ("stated", "报"),
}
OUTSIDE = ("off", "外")
"""Nothing of the day but hours outside those of the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTold:
    """What an account says of a day: a number or hours if it counts, else a letter for why not."""

    kind: str
    text: str
    is_swapped: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Stretches of time that follow each other without a gap."""

    parts: Sequence[Interval]
    begins: Sequence[datetime]
    days: Sequence[int]
    """How many days were counted before each stretch."""

    @classmethod
    def of(cls, parts: Sequence[Interval]) -> Self:
        """Prepare the stretches of an explanation."""
        counted = (0 if part.reason in HOURLY else part.amount for part in parts)
        return cls(parts, [part.begin for part in parts], [0, *accumulate(counted)])

    def tell(self, on: date, office: Office) -> DayTold | None:
        """Tell of a day; None outside the account."""
        begin, end = office.midnight(on), office.midnight(on + ONE_DAY)
        first = max(0, bisect_right(self.begins, begin) - 1)
        found: list[tuple[int, Interval]] = []
        for at in range(first, len(self.parts)):
            part = self.parts[at]
            if part.begin >= end:
                break
            if part.end is None or part.end > begin:
                found.append((at, part))
        if not found:
            return None
        parts = [part for _, part in found]
        counted = self._number(found, on, office) or _hours_of(parts, begin, end)
        kind, text = ("counted", counted) if counted else _left_out(parts)
        return DayTold(
            kind=kind,
            text=text,
            is_swapped=any(part.reason is Reason.SWAPPED for part in parts),
            is_provisional=any(part.provisional for part in parts),
        )

    def _number(self, found: Sequence[tuple[int, Interval]], on: date, office: Office) -> str:
        for at, part in found:
            if part.amount and part.reason not in HOURLY:
                return str(self.days[at] + (on - office.local_date(part.begin)).days + 1)
        return ""


def _hours_of(parts: Sequence[Interval], begin: datetime, end: datetime) -> str:
    """Name the hours that count of a day, "" if none do."""
    counting = [part for part in parts if part.amount and part.reason in HOURLY]
    if not counting:
        return ""
    much = sum(
        (min(end, part.end or end) - max(begin, part.begin)) // MICROSECOND for part in counting
    )
    hours, minutes = divmod(much // MINUTE, 60)
    return f"{hours}:{minutes:02}"


def _left_out(parts: Sequence[Interval]) -> tuple[str, str]:
    # a day off, or a pause, says more than the hours outside the office
    return next((LEFT_OUT[part.reason] for part in parts if part.reason in LEFT_OUT), OUTSIDE)
