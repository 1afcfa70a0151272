"""Chance that follows from its cause: the same cause throws the same, on any machine."""

from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar

Thing = TypeVar("Thing")

THROWS_AT_ONCE = 8


class Dice:
    """Throws one after another, decided by a cause such as a seed, a day and a number."""

    def __init__(self, *cause: object) -> None:
        self._cause = "\n".join(map(str, cause)).encode()
        self._rounds = 0
        self._left: list[float] = []

    def throw(self) -> float:
        """Return a number in [0, 1)."""
        if not self._left:
            self._rounds += 1
            cause = self._cause + self._rounds.to_bytes(4, "big")
            drawn = blake2b(cause, digest_size=8 * THROWS_AT_ONCE).digest()
            parts = (drawn[place : place + 8] for place in range(0, len(drawn), 8))
            self._left = [(int.from_bytes(part, "big") >> 11) / 2**53 for part in parts]
        return self._left.pop()

    def between(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self.throw()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.throw() * (high - low + 1))

    def happens(self, share: float) -> bool:
        """Tell whether something happens that does so in this share of cases."""
        return self.throw() < share

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Return one of the things, each as likely as the others."""
        return things[int(self.throw() * len(things))]

    def weighted(self, things: Sequence[Thing], weights: Sequence[float]) -> Thing:
        """Return one of the things, by their weights."""
        sums = list(accumulate(weights))
        mark = self.throw() * sums[-1]
        return next((thing for thing, top in zip(things, sums, strict=True) if mark < top))
