"""Limits and amounts of money as officials write them, in documents, forms and pages."""

import re
from decimal import Decimal

from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.domain.time.limits import Measure

WRITTEN = re.compile(
    r"(?P<amount>[1-9][0-9]{0,6})[ ]*个?(?P<unit>工作日|自然日|日|天|办公小时|办公分钟|小时|分钟)"
)
UNITS = {
    "工作日": (Measure.WORKING_DAYS, 1),
    "自然日": (Measure.CALENDAR_DAYS, 1),
    "日": (Measure.CALENDAR_DAYS, 1),
    "天": (Measure.CALENDAR_DAYS, 1),
    "办公小时": (Measure.OFFICE_HOURS, 60),
    "办公分钟": (Measure.OFFICE_HOURS, 1),
    "小时": (Measure.HOURS, 60),
    "分钟": (Measure.HOURS, 1),
}
MONEY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
MOST_MINUTES = 1_000_000
"""So many are a limit in the published language at most."""


def period_of(text: str) -> Period:
    """Read a limit, such as 7个工作日, 30日, 2小时. Raises ValueError."""
    match = WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    measure, factor = UNITS[match["unit"]]
    period = Period(amount=int(match["amount"]) * factor, measure=measure)
    if period.amount > MOST_MINUTES:
        raise ValueError(text)
    return period


def said(period: Period) -> str:
    """Write a limit; what is read again is the same."""
    amount, hours = period.amount, divmod(period.amount, 60)
    match period.measure:
        case Measure.WORKING_DAYS:
            return f"{amount}个工作日"
        case Measure.CALENDAR_DAYS:
            return f"{amount}个自然日"
        case Measure.OFFICE_HOURS:
            return f"{amount}个办公分钟" if hours[1] else f"{hours[0]}个办公小时"
        case Measure.HOURS:
            return f"{amount}分钟" if hours[1] else f"{hours[0]}小时"


def fen_of(text: str) -> int:
    """Read an amount in yuan, such as 300 or 12.50. Raises ValueError."""
    if MONEY.fullmatch(text) is None:
        raise ValueError(text)
    return int(Decimal(text) * 100)


def yuan(fen: int) -> str:
    """Write an amount in yuan."""
    return f"{fen // 100}.{fen % 100:02}"
