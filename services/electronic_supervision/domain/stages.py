"""The levels ahead of a clock, and when each is reached."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from services.electronic_supervision.domain.case import YEARS
from services.electronic_supervision.domain.clocks import Clock, following
from services.electronic_supervision.domain.time.count import end_of
from services.electronic_supervision.domain.time.limits import Due, Limit
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office


class Level(StrEnum):
    """How grave a judgement is. A lead asks a person to look: a card withheld, or a rule's."""

    REMINDER = "reminder"  # 预警
    YELLOW = "yellow"  # 黄牌
    RED = "red"  # 红牌
    LEAD = "lead"  # 线索, by a rule that asks for no more
    YELLOW_LEAD = "yellow-lead"
    RED_LEAD = "red-lead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A level that a clock reaches at `fires_at` unless its case ends by `due`.

    `limit` is the end of the clock's limit, which a red card's `due` follows.
    """

    level: Level
    limit: Due
    due: Due
    fires_at: datetime


def stages(clock: Clock, due: Due | None, office: Office) -> Iterator[Stage]:
    """Yield the levels ahead of a clock, in order of time; none if its limit never ends."""
    if due is None or due.at.year >= YEARS.stop:
        return
    if (remind_at := _reminder(clock, due, office)) is not None:
        yield Stage(level=Level.REMINDER, limit=due, due=due, fires_at=remind_at)
    yield Stage(level=Level.YELLOW, limit=due, due=due, fires_at=due.at)
    red = _end_of_grace(clock.standard.grace, following(due, office), office)
    if red is not None:
        if due.provisional:
            red = replace(red, provisional=True)
        yield Stage(level=Level.RED, limit=due, due=red, fires_at=red.at)


# no pause stops it, so that all cases that end on a day share it
@lru_cache(maxsize=8192)
def _end_of_grace(grace: Limit, start: Moment, office: Office) -> Due | None:
    return end_of(grace, start, (), office)


def _reminder(clock: Clock, due: Due, office: Office) -> datetime | None:
    """Find the opening of the working day `lead` days before the last, or of the last one.

    At an opening, since nobody is helped by a reminder at midnight; none if the limit is so short
    that the case began later.
    """
    eve = office.calendar.nth_working_day_before(due.on, clock.standard.lead)
    openings = (office.opening(eve), office.opening(due.on))
    return next((at for at in openings if clock.start.at.latest < at < due.at), None)
