"""Which days have to be looked at again, and loaded for that, after something changed."""

from datetime import date
from typing import NamedTuple


class Days(NamedTuple):
    """Local days, both ends included."""

    first: date
    last: date

    def include(self, day: date) -> bool:
        """Tell whether a day is among them."""
        return self.first <= day <= self.last


EVER = Days(date.min, date.max)


class Reach(NamedTuple):
    """How far a change reaches.

    Of the findings that became true on a day of `told` all may differ, of others none; the
    occurrences of `load` are all that is needed to tell those of `told`.
    """

    load: Days
    told: Days


def reach_of_count(days: int | None, changed: Days) -> Reach:
    """Say what changes when occurrences on these days came, went or moved.

    A finding of day D rests on the `days` days through D, and on those through the day before: they
    say whether D is the first. So D is at most `days` after the change, and what D needs is at
    most `days` before it. With `days` None whole calendar years are loaded and told.
    """
    if days is None:
        years = Days(date(changed.first.year, 1, 1), date(changed.last.year, 12, 31))
        return Reach(load=years, told=years)
    last = later(changed.last, days)
    return Reach(load=Days(later(changed.first, -days), last), told=Days(changed.first, last))


def reach_of_rate(days: int, changed: Days) -> Reach:
    """Say the same of shares: a lead is told unless one was due in the `days` days before."""
    return reach_of_count(2 * days, changed)


def later(day: date, days: int) -> date:
    """Move a day, stopping at the ends of the calendar: dates that can't be true may be there."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)
