"""Recognise the forms in which Chinese offices and ISO 8601 write a time."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_CLOCK = r"(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
_OFFSET = r"\s?(Z|z|[+-]\d\d(?::?\d\d)?)?"

# year first, always: of 10/11/2015 nobody can tell which is the month
_FORMS = (
    re.compile(rf"(\d{{4}})([-/.])(\d\d?)\2(\d\d?)(?:(?:[Tt]|\s+){_CLOCK}{_OFFSET})?", re.ASCII),
    re.compile(rf"(\d{{4}})()(\d\d)(\d\d)(?:(?:[Tt]|\s+){_CLOCK}{_OFFSET})?", re.ASCII),
    re.compile(
        r"(\d{4})()(\d\d)(\d\d)(?:[Tt]|\s?)(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?" + _OFFSET,
        re.ASCII,
    ),
    re.compile(
        rf"(\d{{4}})()\s?年\s?(\d\d?)\s?月\s?(\d\d?)\s?[日号](?:\s*{_CLOCK}{_OFFSET})?", re.ASCII
    ),
    re.compile(
        r"(\d{4})()\s?年\s?(\d\d?)\s?月\s?(\d\d?)\s?[日号]"
        r"\s*(\d\d?)\s?[时点](?:\s?(\d\d?)\s?分(?:\s?(\d\d?)\s?秒)?)?()()",
        re.ASCII,
    ),
)


def fold(text: str) -> str:
    """Turn full-width digits, signs and blanks into the plain ones, and trim."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain.strip()


def read_common_form(text: str, zone: tzinfo) -> datetime | date | None:
    """Return an aware datetime, a date if no time of day is given, or None if it is no such form.

    `text` is folded; `zone` is for times without offset. Raises ValueError or OverflowError for a
    form filled with an impossible date, time or offset. 24:00 is 00:00 of the next day.
    """
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            return _time(found.groups(), zone)
    return None


def _time(found: tuple[str | None, ...], zone: tzinfo) -> datetime | date:
    year, _, month, day, hour, minute, second, fraction, offset = found
    on = int(year or 0), int(month or 0), int(day or 0)
    if hour is None:
        return date(*on)
    where = _zone(offset) if offset else zone
    micros = int(fraction[:6].ljust(6, "0")) if fraction else 0
    clock = int(hour), int(minute or 0), int(second or 0), micros
    if clock == (24, 0, 0, 0):
        return datetime(*on, tzinfo=where) + timedelta(days=1)
    return datetime(*on, *clock, tzinfo=where)


def _zone(offset: str) -> tzinfo:
    if offset in "Zz":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
    if minutes > 59:
        raise ValueError(offset)
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if offset[0] == "-" else size)
