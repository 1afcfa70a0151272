"""Local days: the register holds from day to day, and the day is that of the city."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def local_day(now: datetime) -> date:
    """Return the local day of an instant (aware)."""
    return now.astimezone(ZONE).date()
