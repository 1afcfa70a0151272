"""Pauses of a clock: which have a legal ground, and what they take out of a count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from services.electronic_supervision.domain.time.office import Office

LICENSING_LAW_45 = "《行政许可法》第四十五条"
STATUTORY_GROUNDS: Mapping[str, str] = dict.fromkeys(
    (
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert-review",
    ),
    LICENSING_LAW_45,
)
"""Grounds that stop every clock; any other (补正, 公示) needs a clause of its own per item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """An interval [begin, end) in which a clock stands still; `end` is None while it lasts.

    `clause` is the one that lets it stop this clock, empty where none does.
    """

    ground: str
    clause: str
    begin: datetime
    end: datetime | None
    facts: tuple[str, ...]

    @property
    def note(self) -> str:
        """Say in an account why the clock stood still."""
        return f"{self.ground}：{self.clause}"

    def covers(self, at: datetime) -> bool:
        """Tell whether the clock stands still at an instant."""
        return self.begin <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedDays:
    """The local days first … last that a pause takes out of a count; `last` None: no end."""

    first: date
    last: date | None
    pause: Pause

    @classmethod
    def of(cls, pause: Pause, office: Office) -> Self | None:
        """Find the days at whose first or last instant the clock stood still.

        So a pause that begins and ends within one day costs nothing, and the days on which a longer
        one begins and ends are not counted, like the day of acceptance (开始的当日不计入).
        """
        first = office.local_date(pause.begin)
        if pause.end is None:
            return cls(first=first, last=None, pause=pause)
        last = office.local_date(pause.end - timedelta(microseconds=1))
        begins_at_midnight = office.local_date(pause.begin - timedelta(microseconds=1)) < first
        ends_at_midnight = office.local_date(pause.end) > last
        if first < last or begins_at_midnight or ends_at_midnight:
            return cls(first=first, last=last, pause=pause)
        return None

    def include(self, on: date) -> bool:
        """Tell whether a day is taken out."""
        return self.first <= on and (self.last is None or on <= self.last)


def effective(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Keep the pauses that have a clause, in the order of their beginning."""
    return tuple(sorted((p for p in pauses if p.clause), key=lambda p: (p.begin, p.facts)))
