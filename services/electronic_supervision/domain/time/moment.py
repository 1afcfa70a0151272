"""When something happened, as precisely as we were told and no more."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant, or a local day of which no time of day is known.

    `earliest` and `latest` are aware datetimes in UTC and equal for an instant. For a day they are
    its 00:00 and its 24:00. Whoever judges uses the end that favours the official.
    """

    earliest: datetime
    latest: datetime

    @classmethod
    def instant(cls, at: datetime) -> Self:
        """Take an aware datetime as that instant."""
        utc = at.astimezone(UTC)
        return cls(earliest=utc, latest=utc)

    @classmethod
    def day(cls, on: date, zone: ZoneInfo) -> Self:
        """Take a local date of unknown time as the whole of that day in `zone`."""
        return cls(earliest=start_of_day(on, zone), latest=end_of_day(on, zone))

    @property
    def is_day(self) -> bool:
        """Tell whether only the day is known."""
        return self.earliest != self.latest

    def precedes(self, other: "Moment") -> bool:
        """Tell whether this is certainly before the other; 24:00 no longer belongs to a day."""
        if self.is_day:
            return self.latest <= other.earliest
        return self.latest < other.earliest


def start_of_day(on: date, zone: ZoneInfo) -> datetime:
    """Return 00:00 of a local day, in UTC; for the first day of the era what UTC can express."""
    try:
        return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def end_of_day(on: date, zone: ZoneInfo) -> datetime:
    """Return 24:00 of a local day, in UTC; of 9999-12-31, often "never", its last microsecond."""
    if on < date.max:
        return start_of_day(on + timedelta(days=1), zone)
    try:
        return datetime.combine(on, time.max, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
