"""Office time as one line of seconds: when somebody at a desk does what he takes so long for."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.electronic_supervision.domain.time.office import Office

ERA = date(2020, 1, 1)
SECOND = timedelta(seconds=1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkingTime:
    """Places on the line count the seconds of office time since an era; nights have no length."""

    office: Office
    day: int
    """Seconds of a working day."""
    _days: dict[int, date] = field(init=False, repr=False, default_factory=dict)

    @classmethod
    def of(cls, office: Office) -> "WorkingTime":
        """Return the line of an office."""
        sessions = office.sessions(ERA)
        return cls(office=office, day=sum((end - begin) // SECOND for begin, end in sessions))

    def place(self, at: datetime) -> int:
        """Return the place of an instant; outside office hours that of the next opening."""
        on = self.office.local_date(at)
        worked = self.office.calendar.working_days(ERA, on - ONE_DAY) * self.day
        if not self.office.calendar.day(on).working:
            return worked
        for begin, end in self.office.sessions(on):
            if at > begin:
                worked += (min(at, end) - begin) // SECOND
        return worked

    def at(self, place: int) -> datetime:
        """Return the instant of a place, in local time."""
        number, rest = divmod(place, self.day)
        for begin, end in self.office.sessions(self._nth(number)):
            length = (end - begin) // SECOND
            if rest < length:
                return (begin + rest * SECOND).astimezone(self.office.zone)
            rest -= length
        raise AssertionError(place)

    def opening(self, on: date) -> int:
        """Return the place at which the first working day from a day on begins."""
        return self.office.calendar.working_days(ERA, on - ONE_DAY) * self.day

    def _nth(self, number: int) -> date:
        known = self._days.get(number)
        if known is None:
            known = self._days[number] = self.office.calendar.nth_working_day(ERA, number + 1)
        return known
