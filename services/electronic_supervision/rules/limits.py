"""Limits as the author of a rule writes them: `5 working days`, `30 days`, `2 hours`."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)

MOST = 10_000
_WRITTEN = re.compile(r"^([1-9]\d{0,4}) (working day|day|office hour|hour)s?$")
_MADE: Mapping[str, Callable[[int], Limit]] = {
    "working day": WorkingDays,
    "day": CalendarDays,
    "office hour": lambda amount: OfficeHours(timedelta(hours=amount)),
    "hour": lambda amount: Hours(timedelta(hours=amount)),
}


def limit_of(text: str) -> Limit:
    """Return the limit that is written. Raises ValueError."""
    match = _WRITTEN.match(text)
    if match is None or int(match[1]) > MOST:
        raise ValueError(text)
    return _MADE[match[2]](int(match[1]))
