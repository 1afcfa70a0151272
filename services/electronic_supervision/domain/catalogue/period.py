"""Limits as the catalogue states them, and which of two is certainly the shorter one."""

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from math import inf
from typing import assert_never

from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    Measure,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.office import DEFAULT_HOURS


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


DAY = 24 * 60
"""Minutes."""
DAYS = frozenset({Measure.WORKING_DAYS, Measure.CALENDAR_DAYS})
MOST_DAYS = 3650
MOST_MINUTES = MOST_DAYS * DAY
OFFICE_DAY = sum(_minutes(closes) - _minutes(opens) for opens, closes in DEFAULT_HOURS)
"""Minutes that the offices of the city work on a working day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """So many days, or of hours so many minutes."""

    amount: int
    measure: Measure

    @property
    def limit(self) -> Limit:
        """Return it as the arithmetic of time knows it."""
        match self.measure:
            case Measure.WORKING_DAYS:
                return WorkingDays(self.amount)
            case Measure.CALENDAR_DAYS:
                return CalendarDays(self.amount)
            case Measure.OFFICE_HOURS:
                return OfficeHours(timedelta(minutes=self.amount))
            case Measure.HOURS:
                return Hours(timedelta(minutes=self.amount))
            case _:
                assert_never(self.measure)

    @property
    def is_in_reach(self) -> bool:
        """Tell whether it is one that can be reckoned with: at least one, at most ten years."""
        most = MOST_DAYS if self.measure in DAYS else MOST_MINUTES
        return 1 <= self.amount <= most


class Comparison(StrEnum):
    """How one limit relates to another, whenever both begin together."""

    NOT_LONGER = "not-longer"
    LONGER = "longer"
    UNCERTAIN = "uncertain"
    """It depends on the day, or on office hours."""


def compare(one: Period, other: Period) -> Comparison:
    """Tell whether one limit is longer than another, as far as that is so on every day."""
    shortest, longest = _span(other, one.measure)
    if one.amount <= shortest:
        return Comparison.NOT_LONGER
    return Comparison.LONGER if one.amount > longest else Comparison.UNCERTAIN


def _span(period: Period, measure: Measure) -> tuple[int, float]:
    """Return between how much and how much of a measure a limit lasts.

    A limit in days ends with its last day, and that is a working day. It lasts as many days longer
    as there are days off; of the day on which it begins, all that is left comes on top.
    """
    amount, days = period.amount, period.measure in DAYS
    match measure:
        case _ if measure is period.measure:
            return amount, amount
        case Measure.CALENDAR_DAYS if days:
            return amount, inf
        case Measure.WORKING_DAYS if days:
            return 1, amount
        case Measure.HOURS:
            return (amount * DAY if days else amount), inf
        case Measure.OFFICE_HOURS if period.measure is Measure.WORKING_DAYS:
            return amount * OFFICE_DAY, (amount + 1) * OFFICE_DAY
        case Measure.OFFICE_HOURS if days:
            return OFFICE_DAY, (amount + 1) * OFFICE_DAY
        case Measure.OFFICE_HOURS:
            return 0, amount
        case _:
            return 0, inf
