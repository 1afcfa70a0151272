"""What is told of a breach: Chinese text with facts filled in, as `{fact.amount_fen | yuan}`."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.rules.demands import Expression
from services.electronic_supervision.domain.rules.rule import Message
from services.electronic_supervision.rules.condition import expression
from services.electronic_supervision.rules.mistake import BadFormulaError
from services.electronic_supervision.rules.names import Names

LONGEST = 500
CITY = ZoneInfo("Asia/Shanghai")
NOTHING = "（未填写）"

_HOLE = re.compile(r"\{([^{}]*)\}")
_FORM = re.compile(r"^(?P<formula>.*[^|])\|\s*(?P<form>[a-z]+)\s*$", re.DOTALL)


class _Hole(NamedTuple):
    formula: Expression
    told: Callable[[object, ZoneInfo], str]


def message(text: str, known: Names, zone: ZoneInfo = CITY) -> Message:
    """Read a message whose formulas may ask for `known`; times are told in `zone`.

    Raises BadFormulaError: what `expression` raises, `message-too-long`, `message-braces`,
    `message-form`, `message-without-facts`.
    """
    if len(text) > LONGEST:
        raise BadFormulaError("message-too-long", f"文字超过 {LONGEST} 字。", "请写得短些。")
    parts: list[str | _Hole] = []
    at = 0
    for match in _HOLE.finditer(text):
        parts += [_plain(text[at : match.start()]), _hole(match[1], known)]
        at = match.end()
    parts.append(_plain(text[at:]))
    names = frozenset[str]().union(*(p.formula.names for p in parts if isinstance(p, _Hole)))
    if not names:
        raise BadFormulaError(
            "message-without-facts",
            "文字里没有任何事实。",
            "请用花括号填入至少一项，例如 {fact.time | date}。",
        )

    def fill(values: Mapping[str, object]) -> str:
        return "".join(
            part if isinstance(part, str) else part.told(part.formula.value(values), zone)
            for part in parts
        )

    return Message(text=text, names=names, fill=fill)


def _plain(text: str) -> str:
    if "{" in text or "}" in text:
        raise BadFormulaError(
            "message-braces", "花括号不成对。", "请检查 { 和 }，每处成对且不嵌套。"
        )
    return text


def _hole(text: str, known: Names) -> _Hole:
    match = _FORM.match(text)
    formula, form = (match["formula"], match["form"]) if match else (text, "text")
    if form not in FORMS:
        can = "、".join(FORMS)
        raise BadFormulaError("message-form", f"没有 {form} 这种写法。", f"可用的是：{can}。")
    return _Hole(expression(formula.strip(), known), FORMS[form])


def _text(value: object, zone: ZoneInfo) -> str:
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "是" if value else "否"
        case datetime():
            return _time(value, zone)
        case float():
            return f"{value:.4g}"
        case list():
            return "、".join(_text(each, zone) for each in value) or NOTHING
        case dict():
            return _text(value.get("name") or value.get("code"), zone)
        case _:
            return str(value)


def _date(value: object, zone: ZoneInfo) -> str:
    if not isinstance(value, datetime):
        return _text(value, zone)
    local = value.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日"


def _time(value: object, zone: ZoneInfo) -> str:
    if not isinstance(value, datetime):
        return _text(value, zone)
    return f"{_date(value, zone)}{value.astimezone(zone):%H:%M}"


def _yuan(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return _text(value, zone)
    yuan, fen = divmod(value, 100)
    return f"{yuan:,}.{fen:02}元" if fen else f"{yuan:,}元"


def _percent(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text(value, zone)
    return f"{value * 100:.1f}%"


UNITS = {
    "working-days": "个工作日",
    "calendar-days": "日",
    "office-minutes": "分钟（办公时间）",
    "minutes": "分钟",
}


def _limit(value: object, zone: ZoneInfo) -> str:
    if not isinstance(value, Mapping) or value.get("unit") not in UNITS:
        return _text(value, zone)
    return f"{value['amount']}{UNITS[value['unit']]}"


FORMS: Mapping[str, Callable[[object, ZoneInfo], str]] = {
    "text": _text,
    "date": _date,
    "time": _time,
    "yuan": _yuan,
    "percent": _percent,
    "limit": _limit,
}
"""How a value may be told, by the word behind the stroke."""
