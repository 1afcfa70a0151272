"""When a hall works: its calendar, its hours and its time zone."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.time.calendar import WorkingCalendar
from services.electronic_supervision.domain.time.moment import start_of_day

DEFAULT_HOURS = ((time(9), time(12)), (time(14), time(17, 30)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Office:
    """A hall's time. `hours` are sessions of local time in order, not overlapping, within a day.

    All instants it returns are in UTC. It is compared by identity, so that what was worked out for
    it can be remembered; a process holds one for each version.
    """

    calendar: WorkingCalendar
    zone: ZoneInfo
    hours: tuple[tuple[time, time], ...] = DEFAULT_HOURS
    _midnights: dict[date, datetime] = field(init=False, repr=False, default_factory=dict)

    def local_date(self, at: datetime) -> date:
        """Return the local day on which an instant falls."""
        return at.astimezone(self.zone).date()

    def midnight(self, on: date) -> datetime:
        """Return 00:00 of a local day."""
        known = self._midnights.get(on)
        if known is None:
            known = self._midnights[on] = start_of_day(on, self.zone)
        return known

    def sessions(self, on: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return the opening and closing instants of the sessions of a working day."""
        return tuple((self._at(on, begin), self._at(on, end)) for begin, end in self.hours)

    def opening(self, on: date) -> datetime:
        """Return the instant at which the hall opens on a day, or would if it were worked."""
        return self._at(on, self.hours[0][0])

    def worked(self, begin: datetime, end: datetime) -> timedelta:
        """Return the office time between two instants, nothing if they are the wrong way round."""
        if end <= begin:
            return timedelta()
        first, last = self.local_date(begin), self.local_date(end)
        if first == last:
            return self._overlap(first, begin, end)
        between = self.calendar.working_days(first, last - timedelta(days=1))
        a_day = sum((closes - opens for opens, closes in self.sessions(last)), timedelta())
        ends = self._overlap(first, begin, end) + self._overlap(last, begin, end)
        return ends + between * a_day

    def _overlap(self, on: date, begin: datetime, end: datetime) -> timedelta:
        if not self.calendar.day(on).working:
            return timedelta()
        parts = (min(closes, end) - max(opens, begin) for opens, closes in self.sessions(on))
        return sum((max(part, timedelta()) for part in parts), timedelta())

    def _at(self, on: date, local: time) -> datetime:
        return datetime.combine(on, local, tzinfo=self.zone).astimezone(UTC)
