"""What the whole simulated city shares: its seed, its beginning, its hours, and who is silent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from deploy.demo.dice import Dice
from deploy.demo.working_time import WorkingTime
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.time.calendar import WorkingCalendar
from services.electronic_supervision.domain.time.office import Office

ZONE = ZoneInfo("Asia/Shanghai")
SILENT_SINCE = timedelta(hours=5)
SILENT_FOR = timedelta(hours=24)
SILENT_EVERY = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A city that began to be watched at an instant; `seed` decides all that happens in it."""

    seed: int
    began: datetime
    work: WorkingTime

    @property
    def office(self) -> Office:
        """The hours and the calendar that everybody at a desk keeps."""
        return self.work.office

    @property
    def calendar(self) -> WorkingCalendar:
        """The working days."""
        return self.work.office.calendar

    def dice(self, *cause: object) -> Dice:
        """Return the dice of a cause in this city."""
        return Dice(self.seed, *cause)

    def local_date(self, at: datetime) -> date:
        """Return the local day of an instant."""
        return self.office.local_date(at)

    def end_of_silence(self, at: datetime) -> datetime | None:
        """Return when a source that goes silent now and then speaks again, None if it speaks."""
        since = at - (self.began - SILENT_SINCE)
        if since < timedelta():
            return None
        begins = at - since % SILENT_EVERY
        return begins + SILENT_FOR if at < begins + SILENT_FOR else None


@cache
def desks() -> WorkingTime:
    """Return the office time of the city, made once: its calendar takes a moment to load."""
    return WorkingTime.of(Office(calendar=published_calendar(), zone=ZONE))


def world(seed: int, began: datetime) -> World:
    """Make a city; times are told to the second, in local time."""
    return World(seed=seed, began=began.astimezone(ZONE).replace(microsecond=0), work=desks())
