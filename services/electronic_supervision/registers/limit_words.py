"""Limits and amounts of money as officials write them, and back."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from services.electronic_supervision.domain.registers.service_chain_acts import StageLimit
from services.electronic_supervision.domain.time.limits import Measure

UNITS: Mapping[Measure, str] = MappingProxyType(
    {
        Measure.WORKING_DAYS: "个工作日",
        Measure.CALENDAR_DAYS: "日",
        Measure.OFFICE_HOURS: "个工作小时",
        Measure.HOURS: "小时",
    }
)
HOURLY = {Measure.OFFICE_HOURS: "个工作分钟", Measure.HOURS: "分钟"}
WRITTEN = re.compile(r"([1-9][0-9]{0,5})\s*(个工作日|日|天|个工作小时|小时|个工作分钟|分钟)")
MEASURES = {
    **{words: (measure, 60 if measure in HOURLY else 1) for measure, words in UNITS.items()},
    **{words: (measure, 1) for measure, words in HOURLY.items()},
    "天": (Measure.CALENDAR_DAYS, 1),
}
YUAN = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")


def limit_words(limit: StageLimit | None) -> str:
    """Write a limit, such as 5个工作日; "" if there is none."""
    if limit is None:
        return ""
    if limit.measure not in HOURLY:
        return f"{limit.amount}{UNITS[limit.measure]}"
    if limit.amount % 60:
        return f"{limit.amount}{HOURLY[limit.measure]}"
    return f"{limit.amount // 60}{UNITS[limit.measure]}"


def limit_of(text: str) -> StageLimit | None:
    """Read a limit; "" is none. Raises ValueError."""
    if not text:
        return None
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    measure, minutes = MEASURES[found[2]]
    return StageLimit(measure=measure, amount=int(found[1]) * minutes)


def yuan(fen: int) -> str:
    """Write an amount of fen in yuan: 10000, 0.5 as 0.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def fen(text: str) -> int:
    """Read an amount of yuan, with two decimals at most. Raises ValueError."""
    if not YUAN.fullmatch(text):
        raise ValueError(text)
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or "0")
