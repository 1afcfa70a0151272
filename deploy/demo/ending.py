"""When a case at a desk is going to end, measured against its limit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.vocabulary import Limit, LimitUnit
from deploy.demo.dice import Dice
from deploy.demo.habits import Fate
from deploy.demo.items import WHOLE_DAYS, Item
from deploy.demo.working_time import WorkingTime
from deploy.demo.world import World
from services.electronic_supervision.domain.time.count import end_of
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.hearing import limit_of

HOUR, MINUTE = 3600, 60
TEN_DAYS = Limit(amount=10, unit=LimitUnit.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Places on the line of office time: the decision, a pause on purpose, an extension."""

    decided: int
    stopped: tuple[int, int] | None = None
    extended: int | None = None
    is_withdrawn: bool = False


def stated_due(item: Item, accepted_at: datetime, world: World) -> datetime | None:
    """Return the instant at which an item has to end that states one: the close of a day."""
    if not item.states_end:
        return None
    last = world.calendar.nth_working_day(world.local_date(accepted_at), item.limit.amount)
    closes = world.office.sessions(last)[-1][1]
    return closes.astimezone(world.office.zone)


def due_place(item: Item, accepted_at: datetime, world: World) -> int:
    """Return the place at which the limit of a case ends, if nothing stops it."""
    stated = stated_due(item, accepted_at, world)
    if stated is not None:
        return world.work.place(stated)
    due = end_of(limit_of(item.limit), Moment.instant(accepted_at), (), world.office)
    if due is None:
        raise AssertionError(item.name)
    return world.work.place(due.at - timedelta(microseconds=1) if due.whole_day else due.at)


def ending_of(
    fate: Fate, item: Item, begin: int, due: int, dice: Dice, work: WorkingTime
) -> Ending:
    """Throw the ending of a case that begins and is due at these places."""
    day = work.day
    match fate:
        case Fate.LAST_DAY:
            return Ending(decided=max(begin + HOUR, due - dice.whole(20 * MINUTE, 2 * HOUR)))
        case Fate.LATE:
            return Ending(decided=due + int(dice.between(0.3, 4.0) * day))
        case Fate.STUCK:
            return Ending(decided=due + int(dice.between(8.0, 25.0) * day))
        case Fate.PAUSED_AT_LAST:
            stop = max(begin + HOUR, due - 2 * day - HOUR)
            resume = stop + int(dice.between(3.0, 7.0) * day)
            decided = resume + int(dice.between(0.4, 0.9) * day)
            return Ending(decided=decided, stopped=(stop, resume))
        case Fate.EXTENDED:
            decided = due + int(dice.between(1.0, 7.0) * day)
            return Ending(decided=decided, extended=due - 5 * day // 2)
        case Fate.IN_TIME | Fate.WITHDRAWN:
            decided = begin + int(dice.between(0.15, 0.92) * _room(item, begin, due, day))
            return Ending(decided=decided, is_withdrawn=fate is Fate.WITHDRAWN)


def _room(item: Item, begin: int, due: int, day: int) -> int:
    """Measure the time in which a case ends so early that nobody need be reminded of it."""
    this_evening = begin - begin % day + day
    in_days = item.limit.unit in WHOLE_DAYS
    last = max(this_evening, due - 2 * day) if in_days else min(this_evening, due)
    return last - begin
