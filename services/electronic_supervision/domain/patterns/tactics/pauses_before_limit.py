"""Pauses bunched before the limit: the clock is stopped when hardly anything of it is left.

Observed is each case that was paused before its limit passed, once, when its last such pause
began. It is a hit if, at the begin of any of them, at most a fifth of the limit's office time was
left, as the limit ran by then: earlier pauses and extensions moved it, this one had not yet. Were
pauses to come at any time alike, a fifth of the cases with one pause would be hits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from services.electronic_supervision.domain.clocks import Clock, course
from services.electronic_supervision.domain.patterns.tactics.observation import Observation, Seen
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.time.pauses import Pause

LEFT = 0.2
"""So little of the limit left counts as just before it."""


def observed(seen: Seen) -> Observation | None:
    """Return what the pauses of a case show, None if none began within its limit."""
    if seen.total is None:
        return None
    try:
        left = list(_left(seen.total, seen.office))
    except OverflowError:
        return None
    if not left:
        return None
    least = min(share for _, share in left)
    return Observation(
        at=Moment.instant(left[-1][0].begin),
        hit=least <= LEFT,
        facts=tuple(fact for pause, share in left if share <= LEFT for fact in pause.facts[:1]),
        numbers=(("pauses", float(len(left))), ("left_share", least)),
    )


def _left(clock: Clock, office: Office) -> Iterator[tuple[Pause, float]]:
    """Yield each pause with the share of the limit that was left when it began."""
    start = clock.start.at.latest
    for number, pause in enumerate(clock.pauses):
        before = clock.pauses[:number]
        given = tuple(each for each in clock.extensions if each.at.latest <= pause.begin)
        due = course(replace(clock, pauses=before, extensions=given), office).due
        if due is None or not start <= pause.begin <= due.at:
            continue
        whole = office.worked(start, due.at) - _paused(before, office)
        if whole > timedelta():
            yield pause, office.worked(pause.begin, due.at) / whole


def _paused(pauses: tuple[Pause, ...], office: Office) -> timedelta:
    ended = ((each.begin, each.end) for each in pauses if each.end is not None)
    return sum((office.worked(begin, end) for begin, end in ended), timedelta())


def sentence(who: str, figures: Mapping[str, float]) -> str:
    """Tell it in Chinese, with its numbers."""
    return (
        f"{who}近{figures['days']:.0f}日内中止计时的办件{figures['of']:.0f}件，"
        f"其中{figures['hits']:.0f}件在时限所剩不足两成时中止"
    )
