"""Read a cell of an .xlsx sheet: as a time, a day or a text, whichever it holds."""

import re
from datetime import date, datetime, time
from functools import lru_cache

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils.datetime import from_excel

from services.electronic_supervision.log.entry import Cell

# day formats that only the East Asian editions have built in (ECMA-376 part 1, 18.8.30); openpyxl
# does not know them and gives the bare serial number
_EAST_ASIAN_DAYS = frozenset({27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})

_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"[hs]|am/pm|a/p", re.IGNORECASE)


def read_cell(cell: ReadOnlyCell, epoch: datetime) -> Cell:
    """Return the cell's value; `epoch` is the workbook's day 0.

    A date cell is a datetime if its format shows a time of day or it has one other than 00:00,
    else a date. A whole number is written without a decimal point; errors such as #N/A are text.
    """
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, datetime):
        has_time = value.time() != time() or shows_time(cell.number_format)
        return value if has_time else value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    return _number(cell, value, epoch) if isinstance(value, float | int) else str(value)


@lru_cache(maxsize=1024)
def shows_time(number_format: str) -> bool:
    """Tell whether a number format shows hours or seconds; words in quotes do not count."""
    return bool(_TIME_OF_DAY.search(_NOT_SHOWN.sub("", number_format)))


def _number(cell: ReadOnlyCell, value: float, epoch: datetime) -> Cell:
    try:
        if cell.style_array.numFmtId in _EAST_ASIAN_DAYS:
            at = from_excel(value, epoch)
            if isinstance(at, datetime):
                return at if at.time() != time() else at.date()
    except (LookupError, ValueError, OverflowError):
        # a style the workbook does not define, or no day of any calendar: then just a number
        pass
    return str(value).removesuffix(".0")
