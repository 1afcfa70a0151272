"""What raises or lifts a card while one watches: several times an hour, at any hour."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from deploy.demo.city import HOTLINE, OVERSIGHT
from deploy.demo.dice import Dice
from deploy.demo.dossier import Dossier
from deploy.demo.duty import ON_DUTY, SLOT, SLOTS, decision, hands, settle, steps, taken
from deploy.demo.items import Item, item, minutes
from deploy.demo.said import Hands, Slip, Word
from deploy.demo.slips import A_MONTH, unreadable
from deploy.demo.world import World

FIRST_NUMBER, A_SLOT = 8000, 8
SECOND_ONE = 0.3
IN_TIME_AFTER_ALL = 0.85
OF_THE_HOTLINE = [each for each in ON_DUTY if each.system is HOTLINE]
BY_MACHINE = [each for each in ON_DUTY if hands(each) is Hands.MACHINE]
REPORTS: Sequence[Item] = (
    item(OVERSIGHT, "值班信息核报", "市应急局", minutes(60), "核实", states_end=True),
    item(OVERSIGHT, "突发情况续报", "市公安局", minutes(60), "核实", states_end=True),
    item(OVERSIGHT, "汛情、雨情专报", "市水务局", minutes(60), "汇总", states_end=True),
)

Tale = Callable[[World, int, datetime, Dice], Sequence[Word]]


def incidents(world: World, slot: int, begin: datetime) -> Iterator[Word]:
    """Yield all that is said of the incidents that begin in a slot."""
    dice = world.dice("incidents", slot)
    count = 1 + dice.happens(SECOND_ONE)
    for place in range(count):
        at = begin + timedelta(seconds=dice.whole(0, int(SLOT.total_seconds()) - 1))
        number = FIRST_NUMBER + slot % SLOTS * A_SLOT + place
        yield from dice.weighted(TALES, WEIGHTS)(world, number, at, dice)


def opening(world: World) -> Iterator[Word]:
    """Yield two that a newcomer sees within the first minutes: one runs out, and is lifted."""
    dice = world.dice("opening")
    at = world.began - timedelta(minutes=29, seconds=10)
    kind = OF_THE_HOTLINE[0]
    dossier = taken(world, kind, FIRST_NUMBER - 1, at, limit=minutes(30))
    yield from _told_in_vain(dossier, kind, at, world.began + timedelta(seconds=50), dice)
    due = (world.began + timedelta(seconds=90)).replace(second=0)
    kind = REPORTS[0]
    dossier = taken(world, kind, FIRST_NUMBER - 2, due - timedelta(minutes=30), due=due)
    yield from _too_late(dossier, kind, due - timedelta(minutes=30), due, dice)


def _runs_out(world: World, number: int, at: datetime, dice: Dice) -> Sequence[Word]:
    """Limit an order to minutes that run out."""
    kind, limit = dice.pick(OF_THE_HOTLINE), minutes(dice.whole(15, 45))
    dossier = taken(world, kind, number, at, limit=limit)
    return _misses(dossier, kind, at, at + timedelta(minutes=limit.amount), dice)


def _reports_late(world: World, number: int, at: datetime, dice: Dice) -> Sequence[Word]:
    """State the instant by which a report is wanted, and let it pass."""
    kind = dice.pick(REPORTS)
    due = (at + timedelta(minutes=dice.whole(12, 50))).replace(second=0)
    dossier = taken(world, kind, number, at, due=due)
    return _misses(dossier, kind, at, due, dice)


def _misses(
    dossier: Dossier, kind: Item, at: datetime, due: datetime, dice: Dice
) -> Sequence[Word]:
    tale = _told_in_vain if dice.happens(IN_TIME_AFTER_ALL) else _too_late
    return tale(dossier, kind, at, due, dice)


def _told_in_vain(
    dossier: Dossier, kind: Item, at: datetime, due: datetime, dice: Dice
) -> Sequence[Word]:
    """Settle in time and tell of it too late: a card is raised, and lifted again."""
    _steps_until(dossier, kind, at, due)
    done_at = due - timedelta(seconds=dice.whole(40, 200))
    told_at = due + timedelta(seconds=dice.whole(100, 900))
    data = decision(dossier, kind, dice)
    dossier.say(done_at, data, by=hands(kind), told_at=told_at, slip=Slip.TOLD_LATE)
    return dossier.words


def _too_late(
    dossier: Dossier, kind: Item, at: datetime, due: datetime, dice: Dice
) -> Sequence[Word]:
    _steps_until(dossier, kind, at, due)
    settle(dossier, kind, due + timedelta(seconds=dice.whole(120, 2400)), dice)
    return dossier.words


def _steps_until(dossier: Dossier, kind: Item, at: datetime, due: datetime) -> None:
    for share, data in steps(dossier, kind):
        dossier.say(at + 0.8 * share * (due - at), data, by=hands(kind))


def _mistyped(world: World, number: int, at: datetime, dice: Dice) -> Sequence[Word]:
    """Date an acceptance a month too early, and correct it some minutes later."""
    kind = dice.pick(BY_MACHINE)
    dossier = taken(world, kind, number, at)
    right = dossier.words[0]
    dossier.words[0] = replace(right, at=at - A_MONTH, slip=Slip.WRONG_DATE)
    corrected_at = at + timedelta(minutes=dice.whole(4, 10))
    data = right.data.model_copy(update={"corrects": right.id})
    dossier.say(at, data, by=right.by, told_at=corrected_at, slip=Slip.SET_RIGHT)
    settle(dossier, kind, corrected_at + timedelta(minutes=dice.whole(1, 6)), dice)
    return dossier.words


def _spoilt(world: World, number: int, at: datetime, dice: Dice) -> Sequence[Word]:
    """Settle in time in words that nobody can read; say it again when the limit has passed."""
    kind, limit = dice.pick(OF_THE_HOTLINE), minutes(dice.whole(15, 30))
    dossier = taken(world, kind, number, at, limit=limit)
    due = at + timedelta(minutes=limit.amount)
    _steps_until(dossier, kind, at, due)
    done_at = due - timedelta(seconds=dice.whole(60, 300))
    right = dossier.say(done_at, decision(dossier, kind, dice), by=hands(kind))
    said_at = due + timedelta(seconds=dice.whole(180, 1200))
    again = replace(right, told_at=said_at, noted_at=said_at, slip=Slip.SET_RIGHT, turn=90)
    spoilt = unreadable(dossier.words, world, dice)[: len(dossier.words)]
    return [*spoilt, again]


TALES: Sequence[Tale] = (_runs_out, _reports_late, _mistyped, _spoilt)
WEIGHTS = (0.45, 0.3, 0.17, 0.08)
