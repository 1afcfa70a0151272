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


def reach_of(days: int | None, changed: Days) -> Reach:
    """Say what changes when occurrences on these days came, went or moved.

    A finding of day D rests on the `days` days through D, and on the windows of the days less than
    `days` before: they say whether D is the first of its run. So D is less than two windows after
    the change, and what D needs less than two windows before it. The same holds of shares. With
    `days` None whole calendar years are loaded and told.
    """
    if days is None:
        years = Days(date(changed.first.year, 1, 1), date(changed.last.year, 12, 31))
        return Reach(load=years, told=years)
    far = 2 * (days - 1)
    last = later(changed.last, far)
    return Reach(load=Days(later(changed.first, -far), last), told=Days(changed.first, last))


def later(day: date, days: int) -> date:
    """Move a day, stopping at the ends of the calendar: dates that can't be true may be there."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)
