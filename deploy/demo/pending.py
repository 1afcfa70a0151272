"""What lies on the desks when a newcomer comes in: due today, overdue, long overdue, in doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from contracts.vocabulary import LimitUnit
from deploy.demo.application import Application
from deploy.demo.catalogue import CATALOGUE
from deploy.demo.city import APPROVALS, REAL_ESTATE
from deploy.demo.course import application, handle
from deploy.demo.dice import Dice
from deploy.demo.ending import HOUR, MINUTE, Ending, due_place
from deploy.demo.items import Item
from deploy.demo.said import Hands, Slip, Word
from deploy.demo.slips import decision_in, future, mistyped, never_paused, unreadable
from deploy.demo.world import World

FIRST_NUMBER = 9300
DUE_SOON, OVERDUE, LONG_OVERDUE, IN_DOUBT = 10, 15, 4, 5
STILL_TIME = 90 * MINUTE
MOST_DAYS = 10
OF_THEIR_OWN = frozenset({"WH-JTJ", "WH-STJ"})
"""Units that are known for other habits than being late."""


def pending(world: World) -> Iterator[Word]:
    """Yield what is said of all these cases, before the beginning and after it."""
    numbers = iter(range(FIRST_NUMBER, 10_000))
    for _ in range(DUE_SOON):
        yield from _due_soon(world, next(numbers))
    for _ in range(OVERDUE):
        yield from _overdue(world, next(numbers), (1, 2), (0.15, 2.2))
    for _ in range(LONG_OVERDUE):
        yield from _overdue(world, next(numbers), (5, 10), (0.5, 6.0))
    for place in range(IN_DOUBT):
        yield from _in_doubt(world, next(numbers), (1, 2) if place else (6, 8))
    for minute in (2, 21, 80):
        yield from _told_late(world, next(numbers), timedelta(minutes=minute, seconds=30))
    for minute in (4, 45):
        yield from _mistyped(world, next(numbers), timedelta(minutes=minute))
    yield from _future(world, next(numbers), timedelta(minutes=12))
    yield from _unreadable(world, next(numbers), timedelta(minutes=18))
    yield from _reused(world, next(numbers), timedelta(minutes=27))


def _items(systems: Sequence[object]) -> Sequence[Item]:
    return [
        each
        for each in CATALOGUE
        if each.system in systems
        and each.limit.unit is LimitUnit.WORKING_DAYS
        and each.is_online
        and each.limit.amount <= MOST_DAYS
        and each.ground is None
        and not any(unit.code in OF_THEIR_OWN for unit in each.units)
    ]


COUNTED = _items((APPROVALS,))
UNCOUNTED = _items((REAL_ESTATE,))


def _case(world: World, number: int, due_on: date, items: Sequence[Item]) -> Application:
    """Open a case whose limit ends on a working day."""
    dice = world.dice("pending", number)
    item = items[number % len(items)]
    on = world.calendar.nth_working_day_before(due_on, item.limit.amount)
    at = world.work.at(world.work.opening(on) + int(0.97 * dice.throw() * world.work.day))
    return application(world, item, dice.pick(item.units), number, at, Hands.DESK)


def _due(world: World, case: Application) -> int:
    return due_place(case.item, case.accepted_at, world)


def _due_soon(world: World, number: int) -> Iterator[Word]:
    """Have a case due on the first day on which there is still time; nearly all are decided."""
    work, dice = world.work, world.dice("due soon", number)
    now = work.place(world.began)
    day = world.local_date(work.at(now + STILL_TIME))
    case = _case(world, number, day, COUNTED)
    first, last = max(now, work.opening(day)) + 15 * MINUTE, _due(world, case) - 10 * MINUTE
    decided = first + int(dice.throw() * (last - first))
    if dice.happens(0.15):
        decided = last + int(dice.between(0.3, 2.0) * work.day)
    handle(case, Ending(decided=decided), work)
    yield from case.dossier.words


def _overdue(
    world: World, number: int, before: tuple[int, int], after: tuple[float, float]
) -> Iterator[Word]:
    """Have a case that was due some working days `before`, and is decided some days `after`."""
    dice = world.dice("overdue", number)
    case = _case(world, number, _days_ago(world, dice.whole(*before)), COUNTED)
    decided = world.work.place(world.began) + int(dice.between(*after) * world.work.day)
    handle(case, Ending(decided=decided), world.work)
    yield from case.dossier.words


def _in_doubt(world: World, number: int, before: tuple[int, int]) -> Iterator[Word]:
    """Have an overdue case whose clock went on again without ever having been stopped."""
    dice = world.dice("in doubt", number)
    case = _case(world, number, _days_ago(world, dice.whole(*before)), COUNTED)
    decided = world.work.place(world.began) + int(dice.between(0.8, 4.0) * world.work.day)
    case.dossier.say(case.accepted_at, case.acceptance())
    case.dossier.say(world.work.at(decided), case.decision())
    yield from never_paused(case.dossier.words, world, dice)


def _in_time(world: World, number: int, items: Sequence[Item]) -> tuple[Application, Dice]:
    """Have a case that was due on the last working day, and was decided on it."""
    dice = world.dice("in time", number)
    case = _case(world, number, _days_ago(world, 1), items)
    decided = _due(world, case) - dice.whole(20 * MINUTE, 2 * HOUR)
    case.dossier.say(case.accepted_at, case.acceptance())
    case.dossier.say(world.work.at(decided), case.decision())
    return case, dice


def _told_late(world: World, number: int, after: timedelta) -> Iterator[Word]:
    """Tell of a decision in time when a card already stands: that lifts it."""
    case, _ = _in_time(world, number, COUNTED)
    accepted, decided = case.dossier.words
    yield accepted
    yield _said(decided, world.began + after, Slip.TOLD_LATE)


def _mistyped(world: World, number: int, after: timedelta) -> Iterator[Word]:
    """Tell of an acceptance a month too early, and set it right after the beginning."""
    day = world.local_date(world.work.at(world.work.place(world.began) + 2 * world.work.day))
    case = _case(world, number, day, [each for each in COUNTED if each.limit.amount > 2 + 2])
    decided = _due(world, case) - world.work.day // 2
    case.dossier.say(case.accepted_at, case.acceptance())
    case.dossier.say(world.work.at(decided), case.decision())
    wrong, right, *others = _first_two(mistyped(case.dossier.words, world, case.dice))
    yield wrong
    yield _said(right, world.began + after, Slip.SET_RIGHT)
    yield from others


def _first_two(words: Sequence[Word]) -> Iterator[Word]:
    """Bring the correction, which comes last, next to what it corrects."""
    yield words[0]
    yield words[-1]
    yield from words[1:-1]


def _future(world: World, number: int, after: timedelta) -> Iterator[Word]:
    """Date a decision in the next year, and set it right after the beginning."""
    case, dice = _in_time(world, number, COUNTED)
    right = decision_in(case.dossier.words)
    yield from future(case.dossier.words, world, dice)
    data = right.data.model_copy(update={"corrects": right.id})
    corrected = replace(right, data=data, id=f"{right.id}-更正", turn=90)
    yield _said(corrected, world.began + after, Slip.SET_RIGHT)


def _unreadable(world: World, number: int, after: timedelta) -> Iterator[Word]:
    """Spoil a decision, and say it again as it should have been after the beginning."""
    case, dice = _in_time(world, number, UNCOUNTED)
    decided = decision_in(case.dossier.words)
    yield from unreadable(case.dossier.words, world, dice)[:2]
    yield _said(replace(decided, turn=93), world.began + after, Slip.SET_RIGHT)


def _reused(world: World, number: int, after: timedelta) -> Iterator[Word]:
    """Say a decision under an id that was used, and under its own after the beginning."""
    case, _ = _in_time(world, number, UNCOUNTED)
    accepted, decided = case.dossier.words
    yield accepted
    yield replace(decided, id=accepted.id, slip=Slip.ID_REUSED)
    yield _said(replace(decided, turn=92), world.began + after, Slip.SET_RIGHT)


def _said(word: Word, at: datetime, slip: Slip) -> Word:
    return replace(word, told_at=at, noted_at=at, slip=slip)


def _days_ago(world: World, days: int) -> date:
    return world.calendar.nth_working_day_before(world.local_date(world.began), days)
