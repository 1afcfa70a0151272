"""Event time far before recorded time: things are entered long after they are said to be done.

先办后录, or dates put back. Observed is each case that ended, once, at its end. It is a hit if any
of its facts was noted by its source more than three working days after it happened. A correction
isn't looked at: it is noted late by its nature.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.electronic_supervision.domain.facts import Fact
from services.electronic_supervision.domain.patterns.tactics.observation import Observation, Seen
from services.electronic_supervision.domain.time.office import Office

FAR = 3
"""More working days than this between an act and its record are far."""


def observed(seen: Seen) -> Observation | None:
    """Return what the records of a case show, None while it is open."""
    if seen.case.ended is None:
        return None
    lags = [
        (_working_days(fact, seen.office), fact.id) for fact in seen.facts if fact.corrects is None
    ]
    if not lags:
        return None
    return Observation(
        at=seen.case.ended.at,
        hit=max(lags)[0] > FAR,
        facts=tuple(id_ for lag, id_ in lags if lag > FAR),
        numbers=(("working_days", float(max(lags)[0])),),
    )


def _working_days(fact: Fact, office: Office) -> int:
    """Count the working days from the day of an act to that of its record."""
    return office.calendar.working_days(
        office.local_date(_last_instant(fact)), office.local_date(fact.recorded_at)
    )


def _last_instant(fact: Fact) -> datetime:
    """Take a day of unknown time to its end, which still belongs to it."""
    return fact.at.latest - timedelta(microseconds=1) if fact.at.is_day else fact.at.latest


def sentence(who: str, figures: Mapping[str, float]) -> str:
    """Tell it in Chinese, with its numbers."""
    return (
        f"{who}近{figures['days']:.0f}日内办结的办件{figures['of']:.0f}件，"
        f"其中{figures['hits']:.0f}件有事项在发生{FAR}个工作日以后才录入系统"
    )
