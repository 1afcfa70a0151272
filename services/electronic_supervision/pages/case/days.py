"""The account of a clock laid out as weeks: each day with what it counts, and what fell on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MINYEAR, date, timedelta

from services.electronic_supervision.domain.explanation import Explanation
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.case.account import ONE_DAY, Account

ONE_WEEK = timedelta(days=7)
MOST_WEEKS = 12
"""A longer account shows the weeks around its turning points only; its table has the rest."""

AROUND = 1
EARLIEST = date(MINYEAR, 1, 1) + 2 * ONE_WEEK
LATEST = date.max - 3 * ONE_WEEK
"""Between these, the weeks around a day are on the calendar."""

PREFIX = {"within": "", "beyond": "+", "grace": "督"}
LEGEND = (
    ("start", "", "起", "开始的当日，不计入"),
    ("counted", "within", "1", "计入时限：第几日，或者几时几分"),
    ("moved", "", "顺", "末日为休假日，顺延至此"),
    ("counted", "beyond", "+1", "届满以后"),
    ("counted", "grace", "督1", "督办期限"),
    ("off", "", "休", "休息日，不计入"),
    ("festival", "", "节", "节假日，不计入"),
    ("paused", "", "停", "依法中止，不计入"),
    ("stated", "", "报", "系统自报的期限，照录"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """One day: what it counts or why not, in which part of the account, and what fell on it.

    `part` is `within`, `beyond`, `grace`, or "" outside of all; `kind` is "" there too.
    """

    on: date
    kind: str = ""
    text: str = ""
    part: str = ""
    marks: tuple[str, ...] = ()
    is_swapped: bool = False
    is_provisional: bool = False
    is_ahead: bool = False
    """After today, or after the end of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days from a Monday on; `left_out` days before them are not shown."""

    days: tuple[DayCell, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    accounts: Mapping[str, Account]
    marks: Mapping[date, tuple[str, ...]]
    until: date
    office: Office


def weeks(told: Explanation, office: Office) -> Sequence[Week]:
    """Lay the account of an explanation out; nothing where nothing was counted."""
    if not told.within:
        return ()
    grace = told.grace if told.beyond else ()
    until = told.as_of if told.end is None else told.end.at.earliest
    sheet = _Sheet(
        accounts={
            "within": Account.of(told.within),
            "beyond": Account.of(told.beyond),
            "grace": Account.of(grace),
        },
        marks=_marks(told, office),
        until=office.local_date(until),
        office=office,
    )
    found: list[Week] = []
    for monday in _mondays(_anchors(told, office)):
        before = found[-1].days[-1].on + ONE_DAY if found else monday
        days = tuple(_cell(monday + ONE_DAY * n, sheet) for n in range(7))
        found.append(Week(days=days, left_out=(monday - before).days))
    return found


def legend(shown: Sequence[Week]) -> Sequence[Mapping[str, str]]:
    """Explain the cells that are shown."""
    days = [day for week in shown for day in week.days if day.part]
    found = [
        {"kind": kind, "part": part, "text": text, "words": words}
        for kind, part, text, words in LEGEND
        if any(day.kind == kind and part in {"", day.part} for day in days)
    ]
    if any(day.is_swapped for day in days):
        found.append({"kind": "swapped", "part": "", "text": "班", "words": "调休上班，计入"})
    if any(day.is_provisional for day in days):
        words = "斜纹：日期暂定，待放假通知"
        found.append({"kind": "provisional", "part": "", "text": "暂", "words": words})
    return found


def _anchors(told: Explanation, office: Office) -> Sequence[date]:
    """Return the turning points of an account, in order."""
    found = [office.local_date(told.within[0].begin)]
    if told.due is not None:
        found.append(told.due.on)
    if told.due is None or told.beyond:
        until = told.as_of if told.end is None else told.end.at.earliest
        found.append(office.local_date(until))
    if told.beyond and told.stages:
        found.append(told.stages[-1].due.on)
    return sorted(min(LATEST, max(EARLIEST, each)) for each in found)


def _mondays(anchors: Sequence[date]) -> Sequence[date]:
    first, last = _monday(anchors[0]), _monday(anchors[-1])
    count = (last - first) // ONE_WEEK + 1
    if count <= MOST_WEEKS:
        return [first + ONE_WEEK * n for n in range(count)]
    near = {_monday(each) + ONE_WEEK * n for each in anchors for n in range(-AROUND, AROUND + 1)}
    return sorted(each for each in near if first <= each <= last)


def _monday(on: date) -> date:
    return on - ONE_DAY * on.weekday()


def _marks(told: Explanation, office: Office) -> Mapping[date, tuple[str, ...]]:
    turns = [(office.local_date(told.start.at.earliest), "开始")]
    if told.due is not None:
        turns.append((told.due.on, "届满"))
    if told.beyond and told.stages:
        turns.append((told.stages[-1].due.on, "督办届满"))
    if told.end is None:
        turns.append((office.local_date(told.as_of), "今日"))
    else:
        turns.append((office.local_date(told.end.at.earliest), "结束"))
    marks: dict[date, tuple[str, ...]] = {}
    for on, words in turns:
        marks[on] = (*marks.get(on, ()), words)
    return marks


def _cell(on: date, sheet: _Sheet) -> DayCell:
    marks = sheet.marks.get(on, ())
    for part, account in sheet.accounts.items():
        if (told := account.tell(on, sheet.office)) is not None:
            prefix = PREFIX[part] if told.kind == "counted" else ""
            return DayCell(
                on=on,
                kind=told.kind,
                text=f"{prefix}{told.text}",
                part=part,
                marks=marks,
                is_swapped=told.is_swapped,
                is_provisional=told.is_provisional,
                is_ahead=on > sheet.until,
            )
    return DayCell(on=on, marks=marks)
