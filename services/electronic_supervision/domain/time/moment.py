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


def start_of_day(on: date, zone: ZoneInfo) -> datetime:
    """Return 00:00 of a local day, in UTC."""
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)


def end_of_day(on: date, zone: ZoneInfo) -> datetime:
    """Return 24:00 of a local day, in UTC."""
    return start_of_day(on + timedelta(days=1), zone)
