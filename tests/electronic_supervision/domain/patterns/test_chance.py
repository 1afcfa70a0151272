"""Intervals cover what they say, and chances are what one gets by counting."""

from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.patterns.chance import (
    Tally,
    chance_above,
    chance_against,
    chance_by_score,
    wilson,
)

tallies = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_gives_the_published_interval() -> None:
    """Newcombe 1998, table I: 81 of 263 at 95 %, and none of 20."""
    low, high = wilson(Tally(81, 263), 0.95)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = wilson(Tally(0, 20), 0.95)
    assert (low, round(high, 4)) == (0.0, 0.1611)


def test_an_interval_of_nothing_says_nothing() -> None:
    assert wilson(Tally(0, 0), 0.99) == (0.0, 1.0)


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_an_interval_covers_the_true_share_as_often_as_it_says(
    share: float, confidence: float
) -> None:
    random = Random(20260323)
    rounds, covered = 4000, 0
    for _ in range(rounds):
        n = random.randint(30, 120)
        hits = sum(random.random() < share for _ in range(n))
        low, high = wilson(Tally(hits, n), confidence)
        covered += low <= share <= high
    assert covered / rounds == pytest.approx(confidence, abs=0.015)


@given(tallies, st.integers(1, 99))
def test_the_chance_above_a_share_is_the_sum_of_the_binomial(
    tally: tuple[int, int], percent: int
) -> None:
    hits, n = tally
    share = percent / 100
    by_hand = sum(comb(n, x) * share**x * (1 - share) ** (n - x) for x in range(hits, n + 1))
    assert chance_above(Tally(hits, n), share) == pytest.approx(by_hand, rel=1e-9)


@given(tallies, tallies)
def test_the_chance_against_others_is_the_sum_of_the_hypergeometric(
    tally: tuple[int, int], theirs: tuple[int, int]
) -> None:
    (hits, n), (k, m) = tally, theirs
    ways = range(hits, min(n, hits + k) + 1)
    by_hand = sum(comb(n, x) * comb(m, hits + k - x) for x in ways) / comb(n + m, hits + k)
    assert chance_against(Tally(hits, n), Tally(k, m)) == pytest.approx(by_hand, rel=1e-9)


@given(tallies, st.integers(1, 99))
def test_the_score_and_the_interval_agree(tally: tuple[int, int], percent: int) -> None:
    share, interval = percent / 100, wilson(Tally(*tally), 0.99)
    if abs(interval.low - share) > 1e-9:
        assert (chance_by_score(Tally(*tally), share) < 0.005) == (interval.low > share)


def test_a_sample_of_a_hundred_thousand_is_no_trouble() -> None:
    assert chance_above(Tally(52_000, 100_000), 0.5) < 1e-30
    assert chance_against(Tally(600, 100_000), Tally(500, 100_000)) < 0.01
