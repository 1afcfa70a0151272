"""What something was from which local day on: the last version at a day is what it was that day."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Versions(Generic[Kept]):
    """Versions with their first days, in order; each holds until the next one."""

    days: tuple[date, ...] = ()
    kept: tuple[Kept, ...] = ()

    def at(self, day: date) -> Kept | None:
        """Return what it was on a day, None before its first day."""
        place = bisect_right(self.days, day)
        return self.kept[place - 1] if place else None

    def since(self, day: date, version: Kept) -> "Versions[Kept]":
        """Return it as something else from a day on, whatever was to be so from then on."""
        before = self.before(day)
        return Versions((*before.days, day), (*before.kept, version))

    def before(self, day: date) -> "Versions[Kept]":
        """Return it without what was so from a day on."""
        place = bisect_left(self.days, day)
        return Versions(self.days[:place], self.kept[:place])

    @property
    def last(self) -> Kept | None:
        """Return what was said last, None if nothing was."""
        return self.kept[-1] if self.kept else None

    @property
    def changed_from(self) -> date:
        """Return the first day of the last version, the first of all days if there is none."""
        return self.days[-1] if self.days else date.min
