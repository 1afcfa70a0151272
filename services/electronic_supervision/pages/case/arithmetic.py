"""The arithmetic of a verdict: in a sentence, as weeks of days, and as the table of the same."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from services.electronic_supervision.domain.explanation import HOURLY, Explanation
from services.electronic_supervision.domain.time.intervals import Interval, Reason
from services.electronic_supervision.domain.time.limits import StatedDue
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.verdict import Verdict
from services.electronic_supervision.domain.words import (
    conclusion,
    name_of_amount,
    name_of_limit,
    name_of_reason,
)
from services.electronic_supervision.pages.case.clocks import verdict_words
from services.electronic_supervision.pages.case.days import legend, weeks
from services.electronic_supervision.pages.words import (
    clock_words,
    end_words,
    moment_words,
    stretch_words,
)

FIRST_ROWS, LAST_ROWS = 18, 6
"""So many stretches of a long part are listed; the data for programs has them all."""

RULES = {
    "stated-limit": "按系统自报时限监察",
    "promised-limit": "按事项目录的时限监察",
    "step-limit": "按事项目录的环节时限监察",
}
OFF = {
    Reason.WEEKEND: "休息日",
    Reason.FESTIVAL: "节假日",
    Reason.PAUSED: "依法中止",
}


def arithmetic(
    told: Explanation, case: str, office: Office, anchors: Mapping[str, str]
) -> Mapping[str, object]:
    """Tell an explanation for a page; `anchors` lead from facts to their place on it."""
    shown = weeks(told, office)
    as_of = {"clock": told.clock, "as_of": told.as_of.isoformat()}
    return {
        "clock": told.clock,
        "clock_words": clock_words(told.clock),
        "sentences": list(sentences(told, office)),
        "weeks": shown,
        "legend": legend(shown),
        "parts": list(_parts(told, office, anchors)),
        "clause": told.clause,
        "rule": f"{RULES.get(told.rule, told.rule)}，第{told.rule_version}版",
        "rule_id": told.rule,
        "calendar": told.calendar_version,
        "confirmed_through": told.confirmed_through,
        "url": f"/cases/{case}/explanation?{urlencode(as_of)}",
        "facts": [_fact(each, anchors) for each in _facts(told)],
    }


def sentences(told: Explanation, office: Office) -> Iterator[str]:
    """Tell in a few sentences how the end of the limit came about, and what followed."""
    if not told.limits:
        yield "没有可据以计算的时限：系统没有自报，目录中也没有。"
        return
    limits = "，其后".join(map(name_of_limit, told.limits))
    start = moment_words(told.start.at, office.zone, told.as_of)
    yield f"时限{limits}，{start}开始。{_left_out(told, office)}"
    for each in told.extensions:
        yield f"其中延期{name_of_limit(each.by)}。"
    if told.too_late:
        yield f"另有{len(told.too_late)}次延期在届满以后才作出，不予计入。"
    if told.idle:
        yield "有中止没有法定依据，没有停钟。"
    if told.due is None:
        yield "现在中止，时限停止计算，恢复后顺延。"
        return
    yield f"{end_words(told.due, office, told.as_of)}届满。"
    yield from _afterwards(told, office)


def _afterwards(told: Explanation, office: Office) -> Iterator[str]:
    if told.end is not None:
        yield f"{moment_words(told.end.at, office.zone, told.as_of)}结束，{verdict_words(told)}。"
    elif told.verdict is Verdict.OPEN_OVERDUE:
        yield f"至今尚未结束，{conclusion(told).rpartition('，')[2]}。"
    if told.beyond and told.stages:
        red = end_words(told.stages[-1].due, office, told.as_of)
        yield f"届满后的督办期限不因中止而停，{red}届满。"


def _left_out(told: Explanation, office: Office) -> str:
    """Count the days that the limit left out; of hours only the pauses are worth a word."""
    if any(isinstance(limit, StatedDue) for limit in told.limits):
        return "届满日由系统自报，照录。"
    days: Counter[str] = Counter()
    for part in told.within:
        if part.reason in OFF and part.end is not None:
            last = office.local_date(part.end - timedelta(microseconds=1))
            days[OFF[part.reason]] += (last - office.local_date(part.begin)).days + 1
    left = "、".join(f"{name}{count}天" for name, count in days.items())
    start = any(part.reason is Reason.START_DAY for part in told.within)
    words = [word for word in ("当日" if start else "", f"其间{left}" if left else "") if word]
    return f"{'和'.join(words)}不计入。" if words else ""


def _parts(
    told: Explanation, office: Office, anchors: Mapping[str, str]
) -> Iterator[Mapping[str, object]]:
    over = "届满以后，至结束" if told.end is not None else "届满以后，至今"
    grace = told.grace if told.beyond else ()
    for name, parts in (("时限以内", told.within), (over, told.beyond), ("督办期限", grace)):
        if parts:
            is_long = len(parts) > FIRST_ROWS + LAST_ROWS
            first, last = (parts[:FIRST_ROWS], parts[-LAST_ROWS:]) if is_long else (parts, ())
            yield {
                "name": name,
                "rows": [_row(part, office, anchors, told.as_of) for part in first],
                "left_out": len(parts) - len(first) - len(last),
                "last_rows": [_row(part, office, anchors, told.as_of) for part in last],
                "total": _total(parts),
            }


def _row(
    part: Interval, office: Office, anchors: Mapping[str, str], now: datetime
) -> Mapping[str, object]:
    return {
        "stretch": stretch_words(part.begin, part.end, office.zone, now),
        "reason": name_of_reason(part).replace("，不计入", ""),
        "amount": name_of_amount(part) if part.amount else "不计入",
        "is_counted": bool(part.amount),
        "is_provisional": part.provisional,
        "facts": [_fact(each, anchors) for each in part.facts],
    }


def _total(parts: Sequence[Interval]) -> str:
    """Add up what counted, each measure by itself."""
    sums: dict[str, Interval] = {}
    for part in parts:
        if part.amount:
            measure = part.reason.value if part.reason in HOURLY else name_of_amount(part)[-1]
            known = sums.get(measure)
            amount = part.amount + (known.amount if known else 0)
            sums[measure] = part._replace(amount=amount)
    return "，".join(name_of_amount(each) for each in sums.values()) or "无"


def _facts(told: Explanation) -> Sequence[str]:
    """Name the facts that the arithmetic rests on, in order and once each."""
    paused = [fact for part in told.within for fact in part.facts]
    extended = [each.fact for each in (*told.extensions, *told.too_late)]
    ended = [] if told.end is None else [told.end.fact]
    return list(dict.fromkeys([told.start.fact, *paused, *told.idle, *extended, *ended]))


def _fact(fact: str, anchors: Mapping[str, str]) -> Mapping[str, str]:
    return {"id": fact, "anchor": anchors.get(fact, "")}
