"""Which of many have a share that chance doesn't explain, at one instant.

Each is held against all others of its kind taken together (leave one out), or against a fixed
share. Whoever compares many at once finds some that stand out by chance alone; so the demands grow
with the number compared (Holm 1979): the most conspicuous of m has to stand out at a chance of
a/m, the next at a/(m-1), and so on until one does not. In two sentences for an official: the
intervals are widened by the number of units compared at once, so that among all of them together
not one should stand out by mere chance, but for the stated rest. And nobody is named on less than
the stated number of cases.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.electronic_supervision.domain.patterns.chance import (
    Share,
    Tally,
    chance_above,
    chance_against,
    chance_by_score,
    wilson,
)
from services.electronic_supervision.domain.patterns.occurrence import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """What a share is held against, from how many on, and how sure one has to be.

    `baseline` is a share, None for that of all others. `confidence` is that of a two-sided interval
    before it is widened; a share that is too low is nobody's concern here, so that one of even
    units is named with a chance of (1 - confidence)/2, all of them together.
    """

    least: int
    confidence: float
    baseline: float | None

    def chance(self, tally: Tally, others: Tally) -> float:
        """Return how likely chance alone brings such a share, 1 where it can't be said.

        Both have to agree, the interval and the exact sum: the one is what people are shown, the
        other knows how few the others are.
        """
        if self.baseline is None and others.of < self.least:
            return 1.0
        by_score = chance_by_score(tally, self.against(others))
        if by_score > self.rest:
            return by_score  # no need of the longer sum
        if self.baseline is None:
            return max(by_score, chance_against(tally, others))
        return max(by_score, chance_above(tally, self.baseline))

    def against(self, others: Tally) -> float:
        """Return the share that one is held against."""
        return others.share if self.baseline is None else self.baseline

    @property
    def rest(self) -> float:
        """The chance of naming one where all are even."""
        return (1 - self.confidence) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """One that stands out: its share, the interval at the widened confidence, and its baseline.

    `others` made the baseline, None where the rule sets it. `compared` are all that were held
    against each other; `chance` is the likelihood of such a share without any cause, before that
    number is taken into account.
    """

    group: Group
    tally: Tally
    interval: Share
    confidence: float
    baseline: float
    others: Tally | None
    chance: float
    compared: int


def outliers(tallies: Mapping[Group, Tally], yardstick: Yardstick) -> tuple[Outlier, ...]:
    """Return those that stand out, the most conspicuous first; the order of input is no matter."""
    hits = sum(each.hits for each in tallies.values())
    of = sum(each.of for each in tallies.values())
    family = {group: each for group, each in tallies.items() if each.of >= max(1, yardstick.least)}
    ranked = sorted(
        (yardstick.chance(tally, Tally(hits - tally.hits, of - tally.of)), group)
        for group, tally in family.items()
    )
    return tuple(_standing_out(ranked, family, Tally(hits, of), yardstick))


def _standing_out(
    ranked: list[tuple[float, Group]], family: Mapping[Group, Tally], total: Tally, by: Yardstick
) -> Iterator[Outlier]:
    for place, (chance, group) in enumerate(ranked):
        allowed = by.rest / (len(ranked) - place)
        if chance > allowed:
            return
        tally = family[group]
        others = Tally(total.hits - tally.hits, total.of - tally.of)
        confidence = 1 - 2 * allowed
        yield Outlier(
            group=group,
            tally=tally,
            interval=wilson(tally, confidence),
            confidence=confidence,
            baseline=by.against(others),
            others=others if by.baseline is None else None,
            chance=chance,
            compared=len(ranked),
        )
