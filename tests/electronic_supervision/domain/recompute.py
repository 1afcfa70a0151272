"""Recomputes a verdict from the bare facts and the days worked, sharing nothing with the engine.

Times are naive and local, to the minute. Days are looked at one by one, minutes are bits.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

LEGAL = {"hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal"}
OFFICE = sum(1 << m for opens, closes in ((540, 720), (840, 1050)) for m in range(opens, closes))
WHOLE, MINUTE = (1 << 1440) - 1, timedelta(minutes=1)
SPAN = 400  # days looked at

Pauses = Sequence[tuple[str, datetime, datetime | None]]
Works = Callable[[date], bool]


def recompute(
    limit: tuple[str, int],
    accepted: datetime,
    pauses: Pauses,
    extension: tuple[datetime, int] | None,
    works: Works,
) -> datetime | None:
    """Return the end of a limit; an extension that comes before the end adds to it."""
    unit, amount = limit
    end = end_of(unit, amount, accepted, pauses, works)
    if extension is None or (end is not None and end < extension[0] + MINUTE * ("days" in unit)):
        return end
    return end_of(unit, amount + extension[1], accepted, pauses, works)


def end_of(unit: str, left: int, start: datetime, pauses: Pauses, works: Works) -> datetime | None:
    first = datetime.combine(start.date(), datetime.min.time())
    stopped = sum_of_pauses(pauses, first)
    for n in range(SPAN):
        day, paused = first + timedelta(days=n), stopped >> n * 1440 & WHOLE
        worked = works(day.date())
        if "days" in unit:
            runs = n > 0 and not paused & 1 and not paused >> 1439
            left -= runs and (worked or unit == "calendar_days")
            if left < 1 and runs and worked:
                return day + timedelta(days=1)
            continue
        counts = (OFFICE * worked if unit == "office_minutes" else WHOLE) & ~paused
        counts &= WHOLE << ((start - first) // MINUTE if n == 0 else 0)
        if counts.bit_count() >= left:
            last = next(m for m in range(1440) if (counts & (2 << m) - 1).bit_count() == left)
            return day + (last + 1) * MINUTE
        left -= counts.bit_count()
    return None


def sum_of_pauses(pauses: Pauses, first: datetime) -> int:
    stopped = 0
    for ground, begins, ends in pauses:
        begin = max(0, (begins - first) // MINUTE)
        end = SPAN * 1440 if ends is None else max(0, (ends - first) // MINUTE)
        stopped |= (1 << end) - (1 << begin) if ground in LEGAL and end > begin else 0
    return stopped
