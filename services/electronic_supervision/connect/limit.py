"""The limit of a map as a system would state it."""

from datetime import timedelta

from contracts.vocabulary import Limit, LimitUnit
from services.electronic_supervision.doors.screen import MOST_DAYS
from services.electronic_supervision.log import map as log_map
from services.electronic_supervision.log.refusal import BadMapError

MOST_MINUTES = 1_000_000


def stated(mapped: log_map.Limit | None) -> Limit | None:
    """Translate a map's limit. Raises BadMapError (`limit-unplayable`)."""
    match mapped:
        case None:
            return None
        case log_map.Limit(working_days=int(days)):
            return Limit(amount=_days(days), unit=LimitUnit.WORKING_DAYS)
        case log_map.Limit(calendar_days=int(days)):
            return Limit(amount=_days(days), unit=LimitUnit.CALENDAR_DAYS)
        case log_map.Limit(office_hours=float(hours)):
            return Limit(amount=_minutes(hours), unit=LimitUnit.OFFICE_MINUTES)
        case _:
            return Limit(amount=_minutes(mapped.hours or 0.0), unit=LimitUnit.MINUTES)


def _days(days: int) -> int:
    if days > MOST_DAYS:
        raise _unplayable(f"{days} 天", f"平台只接受不超过 {MOST_DAYS} 天的时限")
    return days


def _minutes(hours: float) -> int:
    minutes = round(hours * 60)
    if timedelta(hours=hours) != timedelta(minutes=minutes) or not 1 <= minutes <= MOST_MINUTES:
        raise _unplayable(f"{hours} 小时", f"平台只接受整分钟、不超过 {MOST_MINUTES} 分钟的时限")
    return minutes


def _unplayable(given: str, why: str) -> BadMapError:
    message = f"对照表的时限 {given}不能报送：{why}。请修改对照表的 case.limit。"
    return BadMapError("limit-unplayable", message, field="case.limit")
