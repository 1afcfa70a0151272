"""Read a cell as the moment it names."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.entry import Cell
from services.electronic_supervision.log.refusal import BadTimeError
from services.electronic_supervision.log.time_forms import fold, read_common_form

_LONGEST = 100
LAST_YEAR = 9000
_REMEMBERED = 8192
_TIME_OF_DAY = re.compile(r"%[HIMSfpcX]")

TimeReader = Callable[[Cell], Moment | None]


def time_reader(zone: ZoneInfo, formats: Sequence[str]) -> TimeReader:
    """Return a function from a cell to its moment, or None if it cannot be read.

    `formats` (strptime) go first, in order; one without a time of day gives a day. Times without
    offset are in `zone`; where a clock change repeats an hour the first is meant. What falls
    outside the years 1 to 9999 cannot be read.
    """
    prepared = [_Format(form) for form in formats]

    # logs repeat days and deadlines; the bound keeps a log of distinct seconds from filling memory
    @lru_cache(maxsize=_REMEMBERED)
    def read_text(text: str) -> Moment | None:
        plain = fold(text)
        for form in prepared:
            found = form.read(plain, zone)
            if found:
                return _moment(found, zone)
        try:
            common = read_common_form(plain, zone)
        except (ValueError, OverflowError):
            return None
        return _moment(common, zone) if common else None

    def read(cell: Cell) -> Moment | None:
        if not isinstance(cell, str):
            return _moment(cell, zone)
        return read_text(cell) if len(cell) <= _LONGEST else None

    return read


def read_as_of(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC; a date alone means its 00:00 in `zone`.

    Raises BadTimeError `time-unreadable`, also beyond the year 9000, from where nothing can be
    counted.
    """
    moment = time_reader(zone, ())(text)
    if moment is None or moment.earliest.year > LAST_YEAR:
        message = f"看不懂时间“{text[:40]}”，请写成 2019-04-25 或 2019-04-25T09:32:09+08:00。"
        raise BadTimeError("time-unreadable", message, field="as_of")
    return moment.earliest


class _Format:
    """One strptime format, looked at once."""

    def __init__(self, form: str) -> None:
        self.form = fold(form)
        directives = self.form.replace("%%", "")
        self.has_time = bool(_TIME_OF_DAY.search(directives))
        self.has_offset = "%z" in directives

    def read(self, text: str, zone: ZoneInfo) -> datetime | date | None:
        try:
            if self.has_offset:
                found = datetime.strptime(text, self.form).astimezone(UTC)
            else:
                found = datetime.strptime(text, self.form).replace(tzinfo=zone)
        except (ValueError, OverflowError):
            return None
        return found if self.has_time else found.date()


def _moment(at: datetime | date, zone: ZoneInfo) -> Moment | None:
    try:
        if isinstance(at, datetime):
            return Moment.instant(at if at.tzinfo else at.replace(tzinfo=zone))
        return Moment.day(at, zone)
    except OverflowError:
        return None
