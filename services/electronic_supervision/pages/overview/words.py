"""What the front page says of its figures: rates, bars, the calendar, and what is in trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.electronic_supervision.domain.chinese import WEEKDAYS
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.overview.figures import Cases, Span
from services.electronic_supervision.pages.sources.words import line
from services.electronic_supervision.pages.words import day_words, instant_words
from services.electronic_supervision.reading.sources import SourceState

FEW = 30
"""Below so many cases a rate says nothing."""

DAYS_AHEAD = 5
ONE_DAY = timedelta(days=1)
OF_LATE = timedelta(days=30)
BEHIND = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that an operator should look at: where, and what it is."""

    name: str
    words: Sequence[str]


def span_of(office: Office, now: datetime) -> Span:
    """Return the bounds of today, and of the thirty days that it is the last of."""
    tomorrow = office.local_date(now) + ONE_DAY
    return Span(
        now=now,
        today=office.midnight(tomorrow - ONE_DAY),
        tomorrow=office.midnight(tomorrow),
        since=office.midnight(tomorrow - OF_LATE),
    )


def rate_words(cases: Cases) -> tuple[str, str]:
    """Return the rate of cases ended on time, and what it is made of."""
    if not cases.judged:
        return "—", "近30天没有设定时限的办结件"
    made_of = f"按期 {cases.on_time:,} / 办结 {cases.judged:,}"
    if cases.judged < FEW:
        return "样本不足", made_of
    # rounded down: a city with one late case is not at 100 %
    tenths = cases.on_time * 1000 // cases.judged
    return f"{tenths // 10}.{tenths % 10}%", made_of


def days_ahead(office: Office, now: datetime) -> Sequence[date]:
    """Return the next five working days, today among them if it is one."""
    before = office.local_date(now) - ONE_DAY
    return [office.calendar.nth_working_day(before, n) for n in range(1, DAYS_AHEAD + 1)]


def bars(
    days: Sequence[date], counts: Sequence[int], today: date
) -> Sequence[Mapping[str, object]]:
    """Word what falls due on some days; `share` (0 to 100) is that of the fullest."""
    most = max(1, *counts)
    return [
        {
            "day": f"今日（周{WEEKDAYS[day.weekday()]}）"
            if day == today
            else day_words(day, today),
            "is_today": day == today,
            "count": count,
            "share": count * 100 // most,
        }
        for day, count in zip(days, counts, strict=True)
    ]


def judged_words(through: datetime | None, office: Office, now: datetime) -> tuple[bool, str]:
    """Tell whether judging lags, and until when everything was judged."""
    if through is None:
        return True, "尚未开始判定：还没有收齐各系统的报送"
    if now - through > BEHIND:
        at = f"{instant_words(through, office.zone, now)}:{through.astimezone(office.zone):%S}"
        return True, f"判定滞后，仅截至 {at}"
    return False, f"截至 {through.astimezone(office.zone):%H:%M:%S} 已全部判定"


def calendar_words(office: Office, provisional: int) -> str:
    """Tell how far the calendar is settled, and how many open cases wait for the rest of it."""
    through = office.calendar.confirmed_through
    settled = f"放假安排已公布至 {through.year}年{through.month}月{through.day}日"
    waiting = f"{provisional:,} 件在办件的届满日暂定" if provisional else "在办件的届满日均已确定"
    return f"{settled}；{waiting}"


def troubles(
    states: Sequence[SourceState], unclaimed: int, stuck: int, office: Office, now: datetime
) -> Sequence[Trouble]:
    """Tell which sources need somebody's attention, and what could not be judged."""
    found = []
    for state in states:
        told = line(state, office, now)
        words = [
            str(told["silence"]),
            f"缺 {told['missing_count']} 个号" if told["missing_count"] else "",
            f"隔离 {state.held} 条" if state.held else "",
        ]
        if any(words):
            found.append(Trouble(name=state.system.words, words=[each for each in words if each]))
    if unclaimed:
        found.append(Trouble(name="来源不明", words=[f"隔离 {unclaimed} 条"]))
    if stuck:
        found.append(Trouble(name="判定程序", words=[f"{stuck} 件出错未判定，请查看运行日志"]))
    return found
