"""Whether time can be trusted here: the clock, the zone, the calendar."""

import ctypes
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deploy.doctor.finding import Finding, broken, poor, well
from services.electronic_supervision.calendar_source import published_calendar

ZONE = "Asia/Shanghai"
OFFSET = timedelta(hours=8)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=5)
HORIZON = timedelta(days=60)
TIMEX_BYTES, NOT_SYNCHRONISED = 512, 5


def clock(now: datetime, newest: datetime | None, *, synchronised: bool | None) -> Finding:
    """Look whether the clock can be right: nothing on record may be younger than now."""
    told = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    fix = "请校准系统时钟，并启用 NTP（如 timedatectl set-ntp true）。"
    floor = max(each for each in (newest, built_at()) if each is not None)
    if now < floor - SKEW:
        known = floor.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return broken("clock", "系统时钟", f"{told}，早于已知的 {known}。", fix)
    if synchronised is False:
        return poor("clock", "系统时钟", f"{told}，没有与时间服务器同步。", fix)
    return well("clock", "系统时钟", told)


def is_synchronised() -> bool | None:
    """Ask the kernel whether something keeps the clock right; None where it can't be told."""
    if sys.platform != "linux":
        return None
    state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))
    return None if state < 0 else state != NOT_SYNCHRONISED


def built_at() -> datetime:
    """Return when this program was put on this machine, by the clock of then."""
    return datetime.fromtimestamp(Path(__file__).stat().st_mtime, tz=UTC)


def zone(key: str = ZONE) -> Finding:
    """Look whether the time of offices is known."""
    fix = "请重新安装本平台（它带有 tzdata），或安装系统的 tzdata。"
    try:
        offset = NEW_YEAR.astimezone(ZoneInfo(key)).utcoffset()
    except (ZoneInfoNotFoundError, OSError):
        return broken("zone", "时区数据", f"没有 {key}。", fix)
    if offset != OFFSET:
        return broken("zone", "时区数据", f"{key} 不是 UTC+8。", fix)
    return well("zone", "时区数据", key)


def calendar(today: date, through: date | None = None) -> Finding:
    """Look how far the working days are settled; beyond that nothing becomes a card."""
    last = through or published_calendar().confirmed_through
    told = f"已按国务院通知确定到 {last}"
    if last - today < HORIZON:
        words = f"{told}；其后的日期只提醒，不发牌。"
        return poor("calendar", "工作日历", words, "请待次年放假通知公布后升级 chinesecalendar。")
    return well("calendar", "工作日历", f"{told}；其后的日期只提醒，不发牌")
