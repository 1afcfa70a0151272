"""One case as it is written: each thing done becomes a word that its system is going to say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from contracts.approvals import CaseFact
from deploy.demo.city import COUNTIES, UTILITIES, DemoSystem
from deploy.demo.dice import Dice
from deploy.demo.said import Hands, Slip, Word
from deploy.demo.world import World

SOON = (2, 20)
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
UPLOADS_AT = timedelta(hours=20)
UPLOADS_FOR = timedelta(hours=3, minutes=50)
HASTE = 600
"""A backlog of a silence is told so many times as fast as it came about."""


class Dossier:
    """A case with what was said of it so far, in the order in which it was said."""

    def __init__(self, world: World, system: DemoSystem, number: str, unit: str) -> None:
        self.system = system
        self.number = number
        self.unit = unit
        self.words: list[Word] = []
        self._world = world
        self._dice = world.dice("told", system.name, number)
        self._tells = _ways(world, system, self._dice)
        self._noted_at = LONG_AGO

    def say(
        self,
        at: datetime,
        data: CaseFact,
        *,
        by: Hands = Hands.DESK,
        told_at: datetime | None = None,
        slip: Slip | None = None,
    ) -> Word:
        """Note that something was done; without `told_at` it is told the way its system does."""
        at = at.replace(microsecond=0)
        noted_at = told_at or max(self._noted_at, at + timedelta(seconds=self._dice.whole(*SOON)))
        self._noted_at = noted_at
        word = Word(
            told_at=told_at or self._tells(noted_at),
            turn=len(self.words) + 1,
            at=at,
            noted_at=noted_at,
            id=f"{self.number}-{len(self.words) + 1:02}",
            system=self.system,
            data=data,
            by=by,
            slip=slip,
        )
        self.words.append(word)
        return word


def _ways(world: World, system: DemoSystem, dice: Dice) -> Callable[[datetime], datetime]:
    """Return when something is told that was noted at an instant; never out of its order."""
    if system is COUNTIES:
        minute = UPLOADS_AT + timedelta(seconds=int(dice.throw() * UPLOADS_FOR.total_seconds()))
        return lambda noted: _upload(noted, minute)
    if system is UTILITIES:
        return lambda noted: _after_silence(world, noted)
    return lambda noted: noted


def _upload(noted: datetime, minute: timedelta) -> datetime:
    """Tell at night, always at the same minute for one case."""
    midnight = noted.replace(hour=0, minute=0, second=0)
    tonight = midnight + minute
    return tonight if noted <= tonight else tonight + timedelta(days=1)


def _after_silence(world: World, noted: datetime) -> datetime:
    until = world.end_of_silence(noted)
    return noted if until is None else until + (noted - until) / HASTE
