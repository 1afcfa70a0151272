"""The explanation of a verdict in official Chinese, for the person it concerns."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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

VERDICTS = {
    Verdict.ON_TIME: "按期办结",
    Verdict.LATE: "超期办结",
    Verdict.OPEN: "在办，未到期",
    Verdict.OPEN_OVERDUE: "在办，已超期",
    Verdict.NO_LIMIT: "未设时限",
}
CLOCKS = {"total": "总时限（机关钟）", "citizen": "群众钟（不因中止而停）"}
REASONS = {
    Reason.START_DAY: "开始的当日，不计入",
    Reason.WORKING_DAY: "工作日",
    Reason.SWAPPED: "调休上班",
    Reason.CALENDAR_DAY: "自然日",
    Reason.OFFICE_HOURS: "办公时间",
    Reason.ELAPSED: "连续计时",
    Reason.WEEKEND: "休息日，不计入",
    Reason.FESTIVAL: "节假日，不计入",
    Reason.OUTSIDE_HOURS: "办公时间以外，不计入",
    Reason.PAUSED: "中止，不计入",
    Reason.MOVED: "末日为休假日，顺延至次一工作日",
    Reason.STATED: "系统自报的期限，照录",
}
GROUNDS = {
    "hearing": "听证",
    "tender": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
    "expert-review": "专家评审",
    "supplement": "补正",
    "publicity": "公示",
    "other": "其他",
}
WEEKDAYS = "一二三四五六日"
MANY = 40
"""So many stretches beyond the limit are told in words; the data has them all."""


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


def _lines(told: Explanation, zone: ZoneInfo) -> Iterator[str]:
    clock = CLOCKS.get(told.clock) or f"环节时限：{told.clock.removeprefix('step:')}"
    yield f"办件 {told.case}　{clock}"
    yield f"结论：{VERDICTS[told.verdict]}{_by_how_much(told)}"
    yield f"依据：{told.clause}（规则 {told.rule} 第{told.rule_version}版）"
    yield f"时限：{'，延长'.join(map(name_of_limit, told.limits)) or '未设'}"
    yield f"日历：{told.calendar_version}，已公布至{_date(told.confirmed_through)}"
    yield f"开始：{_moment(told.start.at, zone)}　[{told.start.fact}]"
    yield from (_interval(part, zone) for part in told.within)
    if told.due is not None:
        yield f"届满：{_due(told.due, zone)}"
    elif told.limits:
        yield "届满：中止期间停止计算，恢复后顺延"
    yield from (_interval(part, zone) for part in told.beyond[:MANY])
    if len(told.beyond) > MANY:
        yield f"　……（届满后的计算从略，尚有{len(told.beyond) - MANY}段）"
    if told.end is not None:
        yield f"结束：{_moment(told.end.at, zone)}　[{told.end.fact}]"
    else:
        yield f"截至：{_moment(told.as_of, zone)}，尚未结束"
    if told.idle:
        yield f"无法定依据、未停钟的中止：{'、'.join(told.idle)}"
    if told.too_late:
        yield f"届满后才作出、未予计入的延期：{'、'.join(told.too_late)}"


def _by_how_much(told: Explanation) -> str:
    if told.verdict not in {Verdict.LATE, Verdict.OPEN_OVERDUE}:
        return ""
    match told.limits[-1]:
        case CalendarDays():
            return f"，超期{told.over}日"
        case OfficeHours() | Hours():
            return f"，超期{_duration(told.over)}"
        case _:
            return f"，超期{f'{told.over}个工作日' if told.over else '不足1个工作日'}"


def _interval(part: Interval, zone: ZoneInfo) -> str:
    words = REASONS[part.reason]
    if part.reason is Reason.PAUSED:
        words += f"（{_note(part.note)}）"
    elif part.note:
        words += f"（{part.note}）"
    if part.amount:
        words += f"，计{_amount(part)}"
    if part.provisional:
        words += "，暂定"
    facts = f"　[{'、'.join(part.facts)}]" if part.facts else ""
    return f"　{_stretch(part, zone)}　{words}{facts}"


def _note(note: str) -> str:
    grounds, _, clause = note.partition("：")
    return "、".join(GROUNDS.get(ground, ground) for ground in grounds.split("+")) + f"，{clause}"


def _amount(part: Interval) -> str:
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
