"""Times, levels and clocks in the words that officials read on a page."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.chinese import CLOCKS, FLAGS, WEEKDAYS
from services.electronic_supervision.domain.time.office import Office

MICROSECOND = timedelta(microseconds=1)
KINDS = {
    "red": ("red", "红牌"),
    "yellow": ("yellow", "黄牌"),
    "reminder": ("reminder", "预警"),
    "red-lead": ("lead", "红牌线索"),
    "yellow-lead": ("lead", "黄牌线索"),
}
"""For each level the kind of badge, and its word."""

WITHHELD = {"provisional-date": "届满日暂定，待放假通知"} | {
    flag.value: words for flag, words in FLAGS.items()
}
"""Why a lead is no card."""


def instant_words(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Name an instant to the minute; the year only where it is another one than now."""
    local = at.astimezone(zone)
    return f"{day_of_year(local.date(), now.astimezone(zone).date())} {local:%H:%M}"


def day_words(on: date, today: date) -> str:
    """Name a day with its day of the week."""
    return f"{day_of_year(on, today)}（周{WEEKDAYS[on.weekday()]}）"


def day_of_year(on: date, today: date) -> str:
    """Name a day; the year only where it is another one than today."""
    year = "" if on.year == today.year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日"


def clock_words(clock: str) -> str:
    """Name a clock."""
    return CLOCKS.get(clock, f"环节：{clock.removeprefix('step:')}")


def due_words(due: datetime, office: Office, now: datetime) -> str:
    """Name the end of a limit: a day that ends with its 24:00, or an instant."""
    today = office.local_date(now)
    if is_whole_day(due, office):
        return f"{day_words(office.local_date(due - MICROSECOND), today)}"
    return instant_words(due, office.zone, now)


def distance_words(due: datetime, office: Office, until: datetime) -> str:
    """Tell how far an instant lies before the end of a limit, or after it.

    In working days where the limit is counted in days, else in hours and minutes.
    """
    if not is_whole_day(due, office):
        return f"超期{_span(until - due)}" if until > due else f"还剩{_span(due - until)}"
    last, day = office.local_date(due - MICROSECOND), office.local_date(until)
    if day > last:
        days = office.calendar.working_days(last, day)
        return f"超期{days}个工作日" if days else "超期不足1个工作日"
    left = office.calendar.working_days(day, last)
    return f"还剩{left}个工作日" if left else "今日届满" if day == last else "届满前无工作日"


def is_whole_day(due: datetime, office: Office) -> bool:
    """Tell whether a limit ends with a local day."""
    return due.astimezone(office.zone).time() == datetime.min.time()


def _span(much: timedelta) -> str:
    minutes = much // timedelta(minutes=1)
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)}天"
    if minutes >= 60:
        return f"{minutes // 60}小时{minutes % 60}分" if minutes % 60 else f"{minutes // 60}小时"
    return f"{minutes}分钟" if minutes else "不足1分钟"
