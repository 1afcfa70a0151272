"""Repeated supplements: materials are asked for again and again instead of once (一次性告知).

Observed is each case with at least one request, once, when the first was made. It is a hit if a
second request was made later than on the same day: one notice may be noted in several parts.
"""

from collections.abc import Mapping

from services.electronic_supervision.domain.patterns.tactics.observation import Observation, Seen


def observed(seen: Seen) -> Observation | None:
    """Return what the requests of a case show, None if there was none."""
    if not seen.supplements:
        return None
    days = {seen.office.local_date(mark.at.earliest) for mark in seen.supplements}
    return Observation(
        at=seen.supplements[0].at,
        hit=len(days) > 1,
        facts=tuple(mark.fact for mark in seen.supplements),
        numbers=(("requests", float(len(days))),),
    )


def sentence(who: str, figures: Mapping[str, float]) -> str:
    """Tell it in Chinese, with its numbers."""
    return (
        f"{who}近{figures['days']:.0f}日内要求补正的办件{figures['of']:.0f}件，"
        f"其中{figures['hits']:.0f}件不止一次要求补正"
    )
