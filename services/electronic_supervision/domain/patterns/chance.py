"""How sure a share is, and how likely chance alone would bring as much."""

from collections.abc import Iterable
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import NamedTuple

STANDARD = NormalDist()
NEGLIGIBLE = 1e-17


class Tally(NamedTuple):
    """So many hits of so many."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """The share of hits, 0 if there is nothing at all."""
        return self.hits / self.of if self.of else 0.0


class Share(NamedTuple):
    """The ends of an interval of shares, each in 0…1."""

    low: float
    high: float


def wilson(tally: Tally, confidence: float) -> Share:
    """Return Wilson's score interval of a share (1927), from nothing to all if there is no sample.

    With p = hits/n and z the (1 + confidence)/2 quantile of the normal distribution:

        (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n)

    It holds exactly the shares q that p does not contradict: |p - q| ≤ z·√(q(1-q)/n).
    """
    hits, n = tally
    if not n:
        return Share(0.0, 1.0)
    z = _quantile((1 + confidence) / 2)
    share, weight = hits / n, z * z / n
    middle = share + weight / 2
    half = z * sqrt(share * (1 - share) / n + weight / (4 * n))
    low = (middle - half) / (1 + weight) if hits else 0.0
    high = (middle + half) / (1 + weight) if hits < n else 1.0
    return Share(max(0.0, low), min(1.0, high))


def chance_above(tally: Tally, share: float) -> float:
    """Return how likely a sample of this size has at least so many hits, if this is the true share.

    The upper tail of the binomial distribution, exactly.
    """
    hits, n = tally
    if hits <= 0 or share >= 1:
        return 1.0
    if share <= 0:
        return 0.0
    odds = share / (1 - share)
    first = _log_choose(n, hits) + hits * log(share) + (n - hits) * log1p(-share)
    return _tail(first, ((n - x) / (x + 1) * odds for x in range(hits, n)))


def chance_against(tally: Tally, others: Tally) -> float:
    """Return how likely so many of all hits fall to this sample, if all have the same true share.

    The upper tail of the hypergeometric distribution (Fisher's exact test, 1935, one-sided), which
    takes into account how few the others may be.
    """
    (hits, n), (their_hits, m) = tally, others
    drawn = hits + their_hits
    if hits <= max(0, drawn - m):
        return 1.0
    first = _log_choose(n, hits) + _log_choose(m, their_hits) - _log_choose(n + m, drawn)
    ratios = (
        (n - x) * (drawn - x) / ((x + 1) * (m - drawn + x + 1)) for x in range(hits, min(n, drawn))
    )
    return _tail(first, ratios)


def chance_by_score(tally: Tally, share: float) -> float:
    """Return the one-sided chance that goes with Wilson's interval: at `c`, its low end at
    confidence 1 - 2c is this share."""
    hits, n = tally
    if not n or tally.share <= share:
        return 1.0
    spread = sqrt(share * (1 - share) / n)
    return 1 - STANDARD.cdf((hits / n - share) / spread if spread else inf)


def _tail(first: float, ratios: Iterable[float]) -> float:
    """Add up terms, the first by its logarithm and each other by its ratio to the one before."""
    total = term = 1.0
    for ratio in ratios:
        term *= ratio
        total += term
        if term < NEGLIGIBLE * total and ratio < 1:
            break
    return min(1.0, exp(min(0.0, first + log(total))))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


@lru_cache(maxsize=1024)
def _quantile(below: float) -> float:
    return STANDARD.inv_cdf(below)
