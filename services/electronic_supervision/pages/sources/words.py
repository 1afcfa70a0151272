"""How a city system reports, in the words of officials: when, with what gaps, silent or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from kernel.intake.numbering import Gap
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.words import instant_words
from services.electronic_supervision.reading.sources import SourceState
from services.electronic_supervision.reading.unknown_units import UnknownUnit

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUIET = 2 * HOUR
"""How much office time without a word is worth one."""

GAPS_SHOWN = 5


def line(state: SourceState, office: Office, now: datetime) -> Mapping[str, object]:
    """Word how a system stands."""
    heard_at = state.heard_at
    return {
        "name": state.system.words,
        "source": state.system.source,
        "heard": "" if heard_at is None else instant_words(heard_at, office.zone, now),
        "ago": "" if heard_at is None else ago_words(now - heard_at),
        "settle": settle_words(state.system.settle),
        "last": last_words(state),
        "missing": missing_words(state.missing) or ("无" if state.last_sequence else "—"),
        "missing_count": sum(gap.last - gap.first + 1 for gap in state.missing),
        "held": state.held,
        "silence": silence_words(state, office, now),
        "is_well": is_well(state, office, now),
    }


def unit_line(unit: UnknownUnit, office: Office, now: datetime) -> Mapping[str, object]:
    """Word what is known of a unit that the register does not know."""
    since, heard_at, zone = unit.since, unit.heard_at, office.zone
    return {
        "source": unit.source,
        "code": unit.code,
        "system": unit.system,
        "open": unit.open,
        "since": "" if since is None else instant_words(since, zone, now),
        "heard": "" if heard_at is None else instant_words(heard_at, zone, now),
    }


def is_well(state: SourceState, office: Office, now: datetime) -> bool:
    """Tell whether a system needs nobody's attention."""
    return not (state.missing or state.held or silence_words(state, office, now))


def silence_words(state: SourceState, office: Office, now: datetime) -> str:
    """Tell how long a system has been silent in office hours, "" while that is as usual.

    It is as usual for less than two office hours beyond the time it has for its uploads.
    """
    if state.heard_at is None:
        return "尚未报送过"
    if not _is_long(state.heard_at + state.system.settle, now, office):
        return ""
    days = _whole_days(state.heard_at, now, office)
    if days:
        return f"已 {days} 个工作日没有报送"
    return f"办公时间内已 {_office_time(state.heard_at, now, office) // HOUR} 小时没有报送"


def ago_words(passed: timedelta) -> str:
    """Tell how long ago something was, roughly."""
    if passed < timedelta(minutes=1):
        return "刚刚"
    if passed < HOUR:
        return f"{passed // timedelta(minutes=1)} 分钟前"
    return f"{passed // HOUR} 小时前" if passed < 2 * DAY else f"{passed // DAY} 天前"


def settle_words(settle: timedelta) -> str:
    """Name how late a system uploads what it knows."""
    if not settle:
        return "实时"
    if settle >= DAY and settle % DAY == timedelta():
        return f"{settle // DAY} 天"
    hours, rest = divmod(settle, HOUR)
    minutes = rest // timedelta(minutes=1)
    parts = (f"{hours} 小时" if hours else "", f"{minutes} 分钟" if minutes else "")
    return " ".join(part for part in parts if part) or "不足 1 分钟"


def last_words(state: SourceState) -> str:
    """Name the last number of a system; not all systems number what they tell."""
    if state.last_sequence is None:
        return "—" if state.heard_at is None else "未编号"
    return f"{state.last_sequence}"


def missing_words(missing: Sequence[Gap]) -> str:
    """Name the numbers that never came, the first few of them."""
    ranges = [
        f"{gap.first}" if gap.first == gap.last else f"{gap.first}～{gap.last}"
        for gap in missing[:GAPS_SHOWN]
    ]
    more = f" 等 {len(missing)} 处" if len(missing) > GAPS_SHOWN else ""
    return "、".join(ranges) + more


def _is_long(since: datetime, now: datetime, office: Office) -> bool:
    return bool(_whole_days(since, now, office)) or _office_time(since, now, office) >= QUIET


def _whole_days(since: datetime, now: datetime, office: Office) -> int:
    """Count the working days between two instants, both their own days left out."""
    return office.calendar.working_days(office.local_date(since), office.local_date(now) - DAY)


def _office_time(since: datetime, now: datetime, office: Office) -> timedelta:
    """Sum up the office hours of the first and the last day between two instants."""
    days = {office.local_date(since), office.local_date(now)}
    return sum(
        (
            max(timedelta(), min(closes, now) - max(opens, since))
            for day in days
            if office.calendar.day(day).working
            for opens, closes in office.sessions(day)
        ),
        timedelta(),
    )
