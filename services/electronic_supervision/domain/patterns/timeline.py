"""The occurrences of one group in order of time, and how much lies between any two days."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, islice
from typing import Self

from services.electronic_supervision.domain.patterns.chance import Tally
from services.electronic_supervision.domain.patterns.occurrence import Occurrence, distinct
from services.electronic_supervision.domain.time.office import Office


@dataclass(frozen=True, slots=True)
class Timeline:
    """Occurrences in order, the local day of each, and the weight and the hits before each."""

    occurrences: tuple[Occurrence, ...]
    days: tuple[date, ...]
    before: tuple[int, ...]
    hits: tuple[int, ...]

    @classmethod
    def of(cls, occurrences: Iterable[Occurrence], office: Office) -> Self:
        """Put occurrences in order; any order and any doubles give the same."""
        ordered = distinct(occurrences)
        return cls._laid([(each, office.local_date(each.at.earliest)) for each in ordered])

    @classmethod
    def _laid(cls, ordered: Sequence[tuple[Occurrence, date]]) -> Self:
        return cls(
            tuple(occurrence for occurrence, _ in ordered),
            tuple(day for _, day in ordered),
            (0, *accumulate(occurrence.weight for occurrence, _ in ordered)),
            (0, *accumulate(int(occurrence.hit) for occurrence, _ in ordered)),
        )

    def without_doubt(self) -> Self:
        """Leave out what can't be true; itself if there is nothing of the kind."""
        if not any(each.doubt for each in self.occurrences):
            return self
        return self._laid([(each, day) for each, day in self if not each.doubt])

    def since(self, first: date) -> Self:
        """Leave out what happened before a day."""
        if not self.days or self.days[0] >= first:
            return self
        return self._laid([(each, day) for each, day in self if day >= first])

    def weight(self, first: date, last: date) -> int:
        """Add up the weight of what happened on these days, both included; costs a search."""
        low, high = self._ends(first, last)
        return self.before[high] - self.before[low] if low < high else 0

    def amount(self, first: date, last: date) -> int:
        """Tell how many things happened on these days, both included."""
        low, high = self._ends(first, last)
        return max(0, high - low)

    def tally(self, first: date, last: date) -> Tally:
        """Tell how many hits there were among what happened on these days, both included."""
        low, high = self._ends(first, last)
        return Tally(self.hits[high] - self.hits[low], high - low) if low < high else Tally(0, 0)

    def newest(self, first: date, last: date, most: int) -> Sequence[Occurrence]:
        """Return what happened on these days, the newest if that is more than `most`."""
        low, high = self._ends(first, last)
        return self.occurrences[max(low, high - most) : high]

    def newest_hits(self, first: date, last: date, most: int) -> Sequence[Occurrence]:
        """Return the hits of these days, the newest if they are more than `most`."""
        low, high = self._ends(first, last)
        newest = (each for each in reversed(self.occurrences[low:high]) if each.hit)
        return tuple(islice(newest, most))[::-1]

    def doubt(self, first: date, last: date) -> str:
        """Return what can't be true about these days, "" if all can."""
        low, high = self._ends(first, last)
        doubts = (each.doubt for each in self.occurrences[low:high] if each.doubt)
        return min(doubts, default="")

    def reached(self, first: date, weight: int) -> Occurrence:
        """Return the occurrence with which the weight since a day came to this much.

        Raises IndexError if it never did.
        """
        low = bisect_left(self.days, first)
        return self.occurrences[bisect_left(self.before, self.before[low] + weight) - 1]

    def __iter__(self) -> Iterator[tuple[Occurrence, date]]:
        return zip(self.occurrences, self.days, strict=True)

    def _ends(self, first: date, last: date) -> tuple[int, int]:
        return bisect_left(self.days, first), bisect_right(self.days, last)
