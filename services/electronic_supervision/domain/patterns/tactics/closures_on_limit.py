"""Closures clustered on the limit: cases end on the very last day that is still in time.

Observed is each case that ended in time, once, at its end; not one whose limit is over on the day
on which it begins, or on the next working day, since it has hardly another day to end on. It is a
hit if it ended on the limit's last day.
"""

from collections.abc import Mapping

from services.electronic_supervision.domain.patterns.tactics.observation import Observation, Seen

FEWEST = 2
"""A limit of fewer working days has no last day to wait for."""


def observed(seen: Seen) -> Observation | None:
    """Return what the end of a case shows, None if it is open, late or has no limit to wait for."""
    clock, due = seen.total, None if seen.course is None else seen.course.due
    if clock is None or clock.end is None or due is None or due.missed_by(clock.end.at):
        return None
    calendar, local_date = seen.office.calendar, seen.office.local_date
    begun, ended = local_date(clock.start.at.earliest), local_date(clock.end.at.earliest)
    allowed = calendar.working_days(begun, due.on)
    if allowed < FEWEST:
        return None
    return Observation(
        at=clock.end.at,
        hit=ended == due.on,
        facts=(clock.start.fact, clock.end.fact),
        numbers=(
            ("allowed", float(allowed)),
            ("left_days", float(calendar.working_days(ended, due.on))),
        ),
    )


def sentence(who: str, figures: Mapping[str, float]) -> str:
    """Tell it in Chinese, with its numbers."""
    return (
        f"{who}近{figures['days']:.0f}日内按期办结的办件{figures['of']:.0f}件，"
        f"其中{figures['hits']:.0f}件在时限最后一日办结"
    )
