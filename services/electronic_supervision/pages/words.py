"""Times, levels and clocks in the words that officials read on a page."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.chinese import CLOCKS, FLAGS, WEEKDAYS
from services.electronic_supervision.domain.irregularity import ACT
from services.electronic_supervision.domain.time.limits import Due, Measure
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office

MICROSECOND = timedelta(microseconds=1)
KINDS = {
    "red": ("red", "红牌"),
    "yellow": ("yellow", "黄牌"),
    "reminder": ("reminder", "预警"),
    "red-lead": ("lead", "红牌线索"),
    "yellow-lead": ("lead", "黄牌线索"),
    "lead": ("lead", "线索"),
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


def moment_words(moment: Moment, zone: ZoneInfo, now: datetime) -> str:
    """Name a moment as precisely as it is known: to the minute, or as a day."""
    local = moment.earliest.astimezone(zone)
    day = day_words(local.date(), now.astimezone(zone).date())
    return f"{day}，未载时刻" if moment.is_day else f"{day}{local:%H:%M}"


def stretch_words(begin: datetime, end: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """Name a stretch of time: whole days by their dates, anything else by its instants."""
    today, first = now.astimezone(zone).date(), begin.astimezone(zone)
    if end is None:
        at = "" if first.time() == datetime.min.time() else f"{first:%H:%M}"
        return f"{day_words(first.date(), today)}{at}起"
    last = end.astimezone(zone)
    if first.time() == last.time() == datetime.min.time():
        until = (last - MICROSECOND).date()
        days = [day_words(on, today) for on in (first.date(), until)]
        return days[0] if first.date() == until else "至".join(days)
    begins = f"{day_words(first.date(), today)}{first:%H:%M}"
    until, ends = (last - MICROSECOND).date(), f"{last:%H:%M}".replace("00:00", "24:00")
    same_day = first.date() == until
    return f"{begins}至{ends}" if same_day else f"{begins}至{day_words(until, today)}{ends}"


def end_words(due: Due, office: Office, now: datetime) -> str:
    """Name the end of a limit to the hour, and say where it is a guess."""
    end = f"{day_words(due.on, office.local_date(now))}"
    end += "24时" if due.whole_day else f"{due.at.astimezone(office.zone):%H:%M}"
    return f"{end}（暂定，待放假通知）" if due.provisional else end


def day_words(on: date, today: date) -> str:
    """Name a day with its day of the week."""
    return f"{day_of_year(on, today)}（周{WEEKDAYS[on.weekday()]}）"


def day_of_year(on: date, today: date) -> str:
    """Name a day; the year only where it is another one than today."""
    year = "" if on.year == today.year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日"


def clock_words(clock: str) -> str:
    """Name a clock."""
    return "" if clock == ACT else CLOCKS.get(clock, f"环节：{clock.removeprefix('step:')}")


def closed_words(*, is_closed: bool, successor: str | None) -> str:
    """Say of a unit that it is no more and who took over, "" while it goes on."""
    if not is_closed:
        return ""
    return f"已撤销，由{successor}承接" if successor else "已撤销"


def due_words(due: datetime, office: Office, now: datetime) -> str:
    """Name the end of a limit: a day that ends with its 24:00, or an instant."""
    today = office.local_date(now)
    if is_whole_day(due, office):
        return f"{day_words(office.local_date(due - MICROSECOND), today)}"
    return instant_words(due, office.zone, now)


def distance_words(due: datetime, measure: str, office: Office, until: datetime) -> str:
    """Tell how far an instant lies before the end of a limit, or after it, as it is counted.

    `measure` is in what: as the explanation has it, no hours where days are counted.
    """
    match measure:
        case Measure.HOURS:
            late, left = until - due, due - until
            return f"超期{_span(late)}" if until > due else f"还剩{_span(left)}"
        case Measure.OFFICE_HOURS:
            if until > due:
                late = office.worked(due, until)
                return f"超期{_span(late)}" if late else "已届满"
            return f"还剩{_span(office.worked(until, due))}（办公时间）"
    last = office.local_date(due - MICROSECOND if is_whole_day(due, office) else due)
    day = office.local_date(until)
    is_over = until > due or day > last
    if measure == Measure.CALENDAR_DAYS:
        return f"超期{(day - last).days}日" if is_over else _left((last - day).days, "日")
    if is_over:
        days = office.calendar.working_days(last, day)
        return f"超期{days}个工作日" if days else "超期不足1个工作日"
    days = office.calendar.working_days(day, last)
    return _left(days, "个工作日") if days or day == last else "届满前无工作日"


def _left(days: int, unit: str) -> str:
    return f"还剩{days}{unit}" if days else "今日届满"


def is_whole_day(due: datetime, office: Office) -> bool:
    """Tell whether a limit ends with a local day."""
    return due.astimezone(office.zone).time() == datetime.min.time()


def _span(much: timedelta) -> str:
    minutes = much // timedelta(minutes=1)
    if minutes >= 60:
        return f"{minutes // 60}小时{minutes % 60}分" if minutes % 60 else f"{minutes // 60}小时"
    return f"{minutes}分" if minutes else "不足1分钟"
