"""Which days are worked: weeks, festivals, swapped days (调休), and how far that is certain."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple, Self

from services.electronic_supervision.domain.refused import Refused

MONDAY_TO_FRIDAY = frozenset(range(5))


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKING = "working-day"
    SWAPPED = "swapped-working-day"  # 调休上班
    WEEKEND = "weekend"
    FESTIVAL = "festival"


class Day(NamedTuple):
    """One day of a calendar; `name` is the festival it belongs to, if any."""

    working: bool
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """The working days of a jurisdiction, as known under `version`.

    `rest` and `work` name the days on which the week's pattern does not hold, each with the
    festival it is for. From `confirmed_from` to `confirmed_through` (both included) the days follow
    published notices of the State Council; all other days are provisional. Raises Refused
    `day-both-off-and-worked`.
    """

    version: str
    confirmed_from: date
    confirmed_through: date
    rest: Mapping[date, str]
    work: Mapping[date, str]
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    _turns: list[int] = field(init=False, repr=False, compare=False)
    _drift: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Freeze the exceptions and sum them up: counting days costs a search, not a walk."""
        if any(day in self.work for day in self.rest):
            raise Refused("day-both-off-and-worked", field="rest")
        object.__setattr__(self, "rest", MappingProxyType(dict(self.rest)))
        object.__setattr__(self, "work", MappingProxyType(dict(self.work)))
        steps = {d.toordinal(): -1 for d in self.rest if d.weekday() in self.weekdays}
        steps |= {d.toordinal(): 1 for d in self.work if d.weekday() not in self.weekdays}
        object.__setattr__(self, "_turns", sorted(steps))
        object.__setattr__(self, "_drift", [0, *accumulate(steps[turn] for turn in self._turns)])

    def day(self, on: date) -> Day:
        """Tell what kind of day this is."""
        in_pattern = on.weekday() in self.weekdays
        if (festival := self.rest.get(on)) is not None:
            return Day(False, DayKind.FESTIVAL, festival)
        if (festival := self.work.get(on)) is not None and not in_pattern:
            return Day(True, DayKind.SWAPPED, festival)
        return Day(True, DayKind.WORKING, "") if in_pattern else Day(False, DayKind.WEEKEND, "")

    def is_confirmed(self, on: date) -> bool:
        """Tell whether this day follows a published notice."""
        return self.confirmed_from <= on <= self.confirmed_through

    def working_days(self, after: date, through: date) -> int:
        """Count the working days in (after, through]; 0 when the interval is empty."""
        return max(0, self._worked_through(through) - self._worked_through(after))

    def nth_working_day(self, after: date, n: int) -> date:
        """Return the n-th (n ≥ 1) working day after a day.

        Raises OverflowError when that day lies beyond the year 9999.
        """
        target = self._worked_through(after) + n
        low, high = after, after + timedelta(days=2 * n + 30)
        while self._worked_through(high) < target:
            low, high = high, high + timedelta(days=2 * n + 30)
        while (high - low).days > 1:
            middle = low + (high - low) // 2
            low, high = (middle, high) if self._worked_through(middle) < target else (low, middle)
        return high

    def nth_working_day_before(self, before: date, n: int) -> date:
        """Return the n-th (n ≥ 1) working day before a day."""
        day = before
        for _ in range(n):
            day -= timedelta(days=1)
            while not self.day(day).working:
                day -= timedelta(days=1)
        return day

    def for_hall(
        self,
        name: str,
        *,
        weekdays: frozenset[int] | None = None,
        opened: Mapping[date, str] = MappingProxyType({}),
        closed: Mapping[date, str] = MappingProxyType({}),
    ) -> Self:
        """Return the calendar of a hall that keeps its own week or its own open and closed days.

        An open day outranks a festival; `name` becomes part of the version. When a notice comes, a
        hall's calendar is made anew from the extended one.
        """
        return replace(
            self,
            version=f"{self.version}/{name}",
            weekdays=self.weekdays if weekdays is None else weekdays,
            rest={d: why for d, why in self.rest.items() if d not in opened} | dict(closed),
            work={d: why for d, why in self.work.items() if d not in closed} | dict(opened),
        )

    def _worked_through(self, on: date) -> int:
        """Count the working days from the first day of the era through this one."""
        ordinal = on.toordinal()
        weeks, rest = divmod(ordinal, 7)
        pattern = weeks * len(self.weekdays) + sum(1 for day in self.weekdays if day < rest)
        return pattern + self._drift[bisect_right(self._turns, ordinal)]
