"""The life of the city: every event in the order in which it is told, decided by its seed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from heapq import heappop, heappush, merge
from itertools import chain

from deploy.demo.city import UTILITIES
from deploy.demo.days import day
from deploy.demo.duty import SLOT, orders
from deploy.demo.incidents import incidents, opening
from deploy.demo.pending import pending
from deploy.demo.said import Said, Word, order, utter
from deploy.demo.world import World, world

WORKING_DAYS_BEFORE = 25
ON_DUTY_BEFORE = timedelta(minutes=40)
LONGEST_ORDER = timedelta(hours=12)
LOST_BEFORE = timedelta(hours=30)
LOST = 7
"""So many events of the source that falls silent never arrive."""

Batch = tuple[datetime, Iterable[Word]]
"""Until when nothing else is told but what is known by now, and what comes to be known."""


def life(
    seed: int, began: datetime, until: datetime | None = None, *, after: datetime | None = None
) -> Iterator[Said]:
    """Yield what is told after one instant and before another, for ever without `until`.

    `seed` and `began` decide everything; whatever is left out, the rest is the same to the byte.
    What is told before `began` is the history of 25 working days. Nobody's name is in it.
    """
    city = world(seed, began)
    desks = _told(_days(city))
    duty = _told(_slots(city, after))
    for said in _numbered(city, merge(desks, duty, key=order), after):
        if until is not None and said.told_at >= until:
            return
        yield said


def _days(city: World) -> Iterator[Batch]:
    """Open the desks day after day; first comes what lies on them at the beginning."""
    on = city.calendar.nth_working_day_before(city.local_date(city.began), WORKING_DAYS_BEFORE)
    known: Iterable[Word] = pending(city)
    while True:
        yield datetime.combine(on, time(), tzinfo=city.office.zone), known
        known = day(city, on)
        on += timedelta(days=1)


def _slots(city: World, after: datetime | None) -> Iterator[Batch]:
    """Take orders day and night; of a life that goes on, only those that may still be open."""
    first = city.began - ON_DUTY_BEFORE
    slot = 0 if after is None else max(0, (after - LONGEST_ORDER - first) // SLOT)
    if slot == 0:
        yield first, opening(city)
    while True:
        begin = first + slot * SLOT
        now_and_then = incidents(city, slot, begin) if begin >= city.began else ()
        yield begin + SLOT, chain(orders(city, slot, begin), now_and_then)
        slot += 1


def _told(batches: Iterator[Batch]) -> Iterator[Word]:
    """Put words in the order in which they are told.

    The batches come in order: nothing that a later one brings is told before the instant that the
    one before it names.
    """
    waiting: list[tuple[tuple[datetime, str, str, int], Word]] = []
    through: datetime | None = None
    for until, words in batches:
        while through is not None and waiting and waiting[0][0][0] < through:
            yield heappop(waiting)[1]
        for word in words:
            heappush(waiting, (order(word), word))
        through = until


def _numbered(city: World, words: Iterator[Word], after: datetime | None) -> Iterator[Said]:
    """Number what is told by systems that count, and leave out what was told before."""
    last: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    has_lost = False
    for word in words:
        number = None
        if word.system.is_numbered:
            if not has_lost and _is_after_loss(city, word):
                last[word.system.name] += LOST
                has_lost = True
            if not word.is_echo:
                last[word.system.name] += 1
                numbers[word.id] = last[word.system.name]
            number = numbers[word.id]
        if after is None or word.told_at > after:
            yield utter(word, number)


def _is_after_loss(city: World, word: Word) -> bool:
    return word.system is UTILITIES and word.told_at >= city.began - LOST_BEFORE
