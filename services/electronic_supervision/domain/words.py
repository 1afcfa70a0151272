"""The explanation of a verdict in official Chinese, for the person it concerns."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.chinese import (
    CLOCKS,
    FLAGS,
    GROUNDS,
    LEVELS,
    REASONS,
    VERDICTS,
    WEEKDAYS,
)
from services.electronic_supervision.domain.explanation import Explanation
from services.electronic_supervision.domain.time.count import budget
from services.electronic_supervision.domain.time.intervals import Interval, Reason
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Due,
    Hours,
    Limit,
    OfficeHours,
    StatedDue,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.verdict import Verdict

MANY = 60
"""So many stretches of an account are told in words; the data has them all."""


def tell(explanation: Explanation) -> str:
    """Tell an explanation line by line; amounts in days, or in hours and minutes."""
    return "\n".join(_lines(explanation, ZoneInfo(explanation.zone)))


def name_of_limit(limit: Limit | StatedDue) -> str:
    """Name a limit as officials do."""
    match limit:
        case WorkingDays(days):
            return f"{days}个工作日"
        case CalendarDays(days):
            return f"{days}个自然日"
        case OfficeHours():
            return f"{_duration(budget(limit))}（办公时间）"
        case Hours():
            return f"{_duration(budget(limit))}（连续计时）"
        case StatedDue():
            return "系统自报期限"
        case _:
            assert_never(limit)


def _lines(told: Explanation, zone: ZoneInfo) -> Iterator[str]:
    step = f"环节时限：{told.clock.removeprefix('step:')}"
    yield f"办件 {told.key.number}　{CLOCKS.get(told.clock, step)}"
    yield f"结论：{conclusion(told)}"
    yield f"依据：{told.clause}（规则 {told.rule} 第{told.rule_version}版）"
    yield f"时限：{'，其后'.join(map(name_of_limit, told.limits)) or '未设'}"
    for extension in told.extensions:
        yield f"　其中延期{name_of_limit(extension.by)}　[{extension.fact}]"
    yield f"日历：{told.calendar_version}，已公布至{_date(told.confirmed_through)}"
    yield f"开始：{_moment(told.start.at, zone)}　[{told.start.fact}]"
    yield from _account(told.within, zone)
    if told.due is not None:
        yield f"届满：{_due(told.due, zone)}"
    elif told.limits:
        yield "届满：中止期间停止计算，恢复后顺延"
    yield from _account(told.beyond, zone)
    if told.end is not None:
        yield f"结束：{_moment(told.end.at, zone)}　[{told.end.fact}]"
    else:
        yield f"截至：{_instant(told.as_of, zone)}，尚未结束"
    if told.idle:
        yield f"无法定依据、未停钟的中止：{'、'.join(told.idle)}"
    if told.too_late:
        late = "、".join(extension.fact for extension in told.too_late)
        yield f"届满后才作出、未予计入的延期：{late}"


def conclusion(told: Explanation) -> str:
    """Tell the verdict, and by how much a limit was missed."""
    return f"{VERDICTS[told.verdict]}{_by_how_much(told)}"


def cards(told: Explanation) -> str:
    """Tell line by line when a reminder and cards are due, by what arithmetic, or why not."""
    zone = ZoneInfo(told.zone)
    lines = [f"{LEVELS[stage.level]}：{_instant(stage.fires_at, zone)}" for stage in told.stages]
    if told.grace:
        lines.append("红牌的督办期限自届满起算，不因中止而停：")
        lines += _account(told.grace, zone)
    if told.due is not None and told.due.provisional:
        lines.append("届满日暂定，不发牌，只作线索")
    if told.doubts:
        lines.append(
            f"事实存疑，不发牌，只作线索：{'、'.join(FLAGS[flag] for flag in told.doubts)}"
        )
    return "\n".join(lines)


def _account(parts: Sequence[Interval], zone: ZoneInfo) -> Iterator[str]:
    yield from (_interval(part, zone) for part in parts[:MANY])
    if len(parts) > MANY:
        yield f"　……（以下从略，尚有{len(parts) - MANY}段）"


def _by_how_much(told: Explanation) -> str:
    if told.verdict not in {Verdict.LATE, Verdict.OPEN_OVERDUE}:
        return ""
    match told.limits[-1]:
        case CalendarDays():
            return f"，超期{told.over}日"
        case OfficeHours() if not told.over:
            return "，届满后于办公时间以外办结" if told.end is not None else ""
        case OfficeHours() | Hours():
            return f"，超期{_duration(told.over)}"
        case _:
            return f"，超期{f'{told.over}个工作日' if told.over else '不足1个工作日'}"


def name_of_reason(part: Interval) -> str:
    """Tell why a stretch of time was counted or left out."""
    words = REASONS[part.reason]
    if part.reason is Reason.PAUSED:
        return f"{words}（{_note(part.note)}）"
    return f"{words}（{part.note}）" if part.note else words


def _interval(part: Interval, zone: ZoneInfo) -> str:
    words = name_of_reason(part)
    if part.amount:
        words += f"，计{name_of_amount(part)}"
    if part.provisional:
        words += "，暂定"
    facts = f"　[{'、'.join(part.facts)}]" if part.facts else ""
    return f"　{_stretch(part, zone)}　{words}{facts}"


def _note(note: str) -> str:
    ground, _, clause = note.partition("：")
    return f"{GROUNDS.get(ground, ground)}，{clause}"


def name_of_amount(part: Interval) -> str:
    """Tell what a stretch of time adds to the count."""
    match part.reason:
        case Reason.OFFICE_HOURS | Reason.ELAPSED:
            return _duration(part.amount)
        case Reason.CALENDAR_DAY:
            return f"{part.amount}日"
        case _:
            return f"{part.amount}个工作日"


def _stretch(part: Interval, zone: ZoneInfo) -> str:
    """Name whole days by their dates, anything else by its instants."""
    begin = part.begin.astimezone(zone)
    if part.end is None:
        return f"{_instant(begin, zone)}起"
    end = part.end.astimezone(zone)
    if begin.time() != time() or end.time() != time():
        return f"{_instant(begin, zone)}至{_instant(end, zone)}"
    first, last = begin.date(), end.date() - timedelta(days=1)
    return _date(first) if first == last else f"{_date(first)}至{_date(last)}"


def _due(due: Due, zone: ZoneInfo) -> str:
    at = f"{_date(due.on)}24时" if due.whole_day else _instant(due.at, zone)
    return f"{at}（暂定：待国务院办公厅放假通知）" if due.provisional else at


def _moment(moment: Moment, zone: ZoneInfo) -> str:
    if moment.is_day:
        return f"{_date(moment.earliest.astimezone(zone).date())}（未载时刻）"
    return _instant(moment.earliest, zone)


def _instant(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{_date(local.date())}{local:%H:%M:%S}"


def _date(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日（周{WEEKDAYS[on.weekday()]}）"


def _duration(microseconds: int) -> str:
    minutes, seconds = divmod(microseconds // 1_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "小时"), (minutes, "分"), (seconds, "秒"))
    return "".join(f"{n}{unit}" for n, unit in parts if n) or "不足1秒"
