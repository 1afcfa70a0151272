"""A day at the desks of the city: how much comes in, of what, and what becomes of it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from deploy.demo.catalogue import CATALOGUE
from deploy.demo.city import APPROVALS, HOTLINE, REAL_ESTATE
from deploy.demo.course import application, handle
from deploy.demo.dice import Dice
from deploy.demo.ending import due_place, ending_of
from deploy.demo.habits import Fate, fate_of
from deploy.demo.handing_on import handed_on
from deploy.demo.items import Item
from deploy.demo.said import Hands, Word
from deploy.demo.slips import never_paused, slipped
from deploy.demo.world import World

CASES = 66
"""Cases of an ordinary working day."""
WEEKEND = 0.16
AFTER_FEAST, MONTH_END = 1.5, 1.3
FEAST_DAYS, DAYS_OF_ENDING = 3, 3
ONLINE_SHARE = 0.25
AT_NIGHT = 0.1
MORNING, EVENING = 7 * 3600, 23 * 3600
SECONDS_OF_DAY = 24 * 3600

OVERDUE = frozenset({Fate.LATE, Fate.STUCK})
HANDED_ON_SHARE = 0.12
IN_DOUBT_SHARE = 0.12
TOLD_AT_ONCE = (APPROVALS, REAL_ESTATE)
ONLINE = tuple(each for each in CATALOGUE if each.is_online)


def day(world: World, on: date) -> Iterator[Word]:
    """Yield all that will ever be said of the cases that come in on a day."""
    dice = world.dice("day", on)
    is_working = world.calendar.day(on).working
    haste = heat(world, on)
    count = round(CASES * (haste if is_working else WEEKEND) * dice.between(0.9, 1.1))
    for number in range(1, count + 1):
        yield from _case(world, on, number, is_working=is_working, is_hot=haste > 1)


def heat(world: World, on: date) -> float:
    """Tell how much more than usual comes in: after a feast, and before a month ends."""
    before = world.calendar.nth_working_day_before(on, 1)
    if (on - before).days > FEAST_DAYS:
        return AFTER_FEAST
    later = world.calendar.nth_working_day(on, DAYS_OF_ENDING)
    return MONTH_END if later.month != on.month else 1.0


def _case(world: World, on: date, number: int, *, is_working: bool, is_hot: bool) -> Iterator[Word]:
    dice = world.dice("desk", on, number)
    is_online = not is_working or dice.happens(ONLINE_SHARE)
    choice = ONLINE if is_online else CATALOGUE
    item = dice.weighted(choice, [each.weight for each in choice])
    unit = dice.pick(item.units)
    at = _clicked(world, on, dice) if is_online else _handed_in(world, on, item, dice)
    by = Hands.MACHINE if is_online else Hands.DESK
    case = application(world, item, unit, number, at, by)
    due = due_place(item, at, world)
    fate = fate_of(item, unit.code, dice, is_hot=is_hot)
    handle(case, ending_of(fate, item, world.work.place(at), due, dice, world.work), world.work)
    words: Sequence[Word] = case.dossier.words
    if item.system is HOTLINE and dice.happens(HANDED_ON_SHARE):
        words = handed_on(words, item, unit, dice)
    if fate in OVERDUE and dice.happens(IN_DOUBT_SHARE) and item.system in TOLD_AT_ONCE:
        yield from never_paused(words, world, dice)
    else:
        yield from slipped(words, world, dice)


def _clicked(world: World, on: date, dice: Dice) -> datetime:
    """Apply from home: mostly between morning and night, on any day."""
    awake = not dice.happens(AT_NIGHT)
    second = dice.whole(MORNING, EVENING) if awake else dice.whole(0, SECONDS_OF_DAY - 1)
    midnight = datetime.combine(on, time(), tzinfo=world.office.zone)
    return midnight + timedelta(seconds=second)


def _handed_in(world: World, on: date, item: Item, dice: Dice) -> datetime:
    """Hand in at a desk: what is done while one waits early enough for it to be done."""
    begin, length = world.work.opening(on), world.work.day
    share = 0.97 if item.is_online else 0.72
    return world.work.at(begin + int(length * share * dice.throw()))
