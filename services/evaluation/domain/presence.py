"""Who is A or B of a post, since when, and on which days he is away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.evaluation.domain.post_acts import (
    HolderReturned,
    HolderWentAway,
    NoteAbsence,
    NoteReturn,
)
from services.evaluation.domain.refused import Refused

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Local days, both included; no last one: until he returns. It may hold no day at all."""

    first_day: date
    last_day: date | None

    def holds(self, day: date) -> bool:
        """Tell whether a day is among them."""
        return self.first_day <= day <= (self.last_day or date.max)

    def overlaps(self, other: "Absence") -> bool:
        """Tell whether a day is among those of both."""
        first = max(self.first_day, other.first_day)
        return first <= min(self.last_day or date.max, other.last_day or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Somebody's time as A or B; `until` is the first local day without him."""

    person: str
    since: date
    until: date | None = None
    absences: tuple[Absence, ...] = ()

    @property
    def last_change(self) -> date:
        """Return the day before which nothing more may be said of this place."""
        return self.since if self.until is None else self.until

    def holds_from(self, day: date) -> bool:
        """Tell whether it is he on a day, or later."""
        return self.until is None or day < self.until


def go_away(command: NoteAbsence, unit: str, tenure: Tenure) -> Sequence[HolderWentAway]:
    """Say what happens when A or B is away.

    Raises Refused: `absence-backwards`, `absence-outside` (of his time in the post),
    `absence-overlaps`.
    """
    wish = Absence(first_day=command.first_day, last_day=command.last_day)
    if wish in tenure.absences:
        return []
    if wish.last_day is not None and wish.last_day < wish.first_day:
        raise Refused("absence-backwards", field="last_day")
    if wish.first_day < tenure.since or not tenure.holds_from(wish.first_day):
        raise Refused("absence-outside", field="first_day")
    if any(wish.overlaps(each) for each in tenure.absences):
        raise Refused("absence-overlaps", field="first_day")
    return [
        HolderWentAway(
            code=command.code,
            unit=unit,
            place=command.place,
            person=tenure.person,
            first_day=wish.first_day,
            last_day=wish.last_day,
        )
    ]


def come_back(command: NoteReturn, unit: str, tenure: Tenure) -> Sequence[HolderReturned]:
    """Say what happens when A or B is back. Raises Refused `not-away`."""
    day = command.effective_from
    for absence in tenure.absences:
        if absence.holds(day):
            return [
                HolderReturned(
                    code=command.code,
                    unit=unit,
                    place=command.place,
                    person=tenure.person,
                    first_day=absence.first_day,
                    effective_from=day,
                )
            ]
    if any(each.last_day == day - DAY for each in tenure.absences):
        return []
    raise Refused("not-away", field="effective_from")


def went_away(tenure: Tenure, event: HolderWentAway) -> Tenure:
    """Return the tenure with one more absence."""
    absence = Absence(first_day=event.first_day, last_day=event.last_day)
    return replace(tenure, absences=(*tenure.absences, absence))


def came_back(tenure: Tenure, event: HolderReturned) -> Tenure:
    """Return the tenure with an absence cut short."""
    back = event.effective_from
    absences = tuple(
        replace(each, last_day=back - DAY) if each.holds(back) else each for each in tenure.absences
    )
    return replace(tenure, absences=absences)
