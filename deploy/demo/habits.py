"""How units work: most finish well in time, and some have habits that supervision is there for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from deploy.demo.dice import Dice
from deploy.demo.items import WHOLE_DAYS, Item


class Fate(StrEnum):
    """How a case at a desk is going to end."""

    IN_TIME = "in-time"
    LAST_DAY = "last-day"
    LATE = "late"
    STUCK = "stuck"
    PAUSED_AT_LAST = "paused-at-last"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Shares of cases: late ones, stuck ones, ones decided on the last day or paused before it."""

    late: float = 0.03
    stuck: float = 0.015
    last_day: float = 0.09
    paused: float = 0.0


MOST = Habit()
HABITS: Mapping[str, Habit] = {
    "WH-CGJ": Habit(late=0.25, stuck=0.09),  # a third of its cases late
    "WH-JTJ": Habit(last_day=0.9),  # always on the last day
    "WH-STJ": Habit(paused=0.75),  # pauses just before the limit
}
HASTE = 1.6
"""How much more is late of what comes in hot weeks."""

LONG = 7
"""From so many days on, a case may be extended or paused at last."""


def fate_of(item: Item, unit: str, dice: Dice, *, is_hot: bool) -> Fate:
    """Throw how a case of a unit ends."""
    if item.limit.unit not in WHOLE_DAYS and not item.states_end:
        return Fate.IN_TIME
    habit = HABITS.get(unit, MOST)
    more = HASTE if is_hot else 1.0
    is_long = item.limit.amount >= LONG and item.ground is not None
    shares = {
        Fate.LATE: habit.late * more,
        Fate.STUCK: habit.stuck * more,
        Fate.LAST_DAY: habit.last_day,
        Fate.PAUSED_AT_LAST: habit.paused if is_long else 0.0,
        Fate.EXTENDED: 0.1 if is_long else 0.0,
        Fate.WITHDRAWN: 0.012,
    }
    mark = dice.throw()
    for fate, share in shares.items():
        if mark < share:
            return fate
        mark -= share
    return Fate.IN_TIME
