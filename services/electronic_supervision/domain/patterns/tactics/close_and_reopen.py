"""Close, then reopen: a case is closed to stop its clock and worked on again soon after.

Observed is each case that was closed, once, at its first closing. It is a hit if it was reopened
within thirty days after any closing. A case closed a short while ago may still become one.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import product

from services.electronic_supervision.domain.patterns.tactics.observation import Observation, Seen

SOON = timedelta(days=30)


def observed(seen: Seen) -> Observation | None:
    """Return what the closings of a case show, None if it never was closed."""
    if not seen.closings:
        return None
    pairs = [
        (reopening.at.latest - closing.at.earliest, closing.fact, reopening.fact)
        for closing, reopening in product(seen.closings, seen.reopenings)
        if not reopening.at.precedes(closing.at)
        and reopening.at.latest - closing.at.earliest <= SOON
    ]
    soonest = min(pairs, default=None)
    facts = (seen.closings[0].fact,) if soonest is None else soonest[1:]
    days = () if soonest is None else (("days", soonest[0] / timedelta(days=1)),)
    return Observation(
        at=seen.closings[0].at,
        hit=soonest is not None,
        facts=facts,
        numbers=(("reopenings", float(len(seen.reopenings))), *days),
    )


def sentence(who: str, figures: Mapping[str, float]) -> str:
    """Tell it in Chinese, with its numbers."""
    return (
        f"{who}近{figures['days']:.0f}日内办结的办件{figures['of']:.0f}件，"
        f"其中{figures['hits']:.0f}件办结后三十日内又重新办理"
    )
