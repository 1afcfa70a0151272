"""An audit's result, as JSON for machines and as Chinese text for people."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from typing import Any, TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.electronic_supervision.domain.chinese import FLAGS, VERDICTS
from services.electronic_supervision.domain.explanation import Explanation
from services.electronic_supervision.domain.explanation_data import as_data
from services.electronic_supervision.domain.verdict import Verdict
from services.electronic_supervision.domain.words import tell
from services.electronic_supervision.log.record import Rejected
from services.electronic_supervision.log.refusal import visible

SHOWN = 20
ANOMALIES = {
    "case-field-varies": "同一办件前后不一",
    "duplicate-id": "编号重复",
    "missing-unit": "缺单位",
    **{flag.value: words for flag, words in FLAGS.items()},
}
REJECTIONS = {
    "missing-accepted-time": "没有受理时间",
    "missing-id": "没有编号",
    "missing-time": "没有时间",
    "time-out-of-range": "时限超出公元9999年",
    "unreadable-time": "时间无法识别",
}


def write_json(
    figures: dict[str, Any],
    rejections: Iterable[Rejected],
    explanations: Sequence[Explanation],
    out: TextIO,
) -> None:
    """Write one JSON object, the rejections one by one, since there may be millions."""
    head = {key: figures[key] for key in ("cases", "events")}
    out.write(json.dumps(head)[:-1] + ', "rejected": [')
    separators = chain([""], repeat(", "))
    out.writelines(
        separator + json.dumps(_rejection(rejected), ensure_ascii=False)
        for separator, rejected in zip(separators, rejections, strict=False)
    )
    rest = {key: value for key, value in figures.items() if key not in head}
    if explanations:
        rest["explanations"] = [as_data(explanation) for explanation in explanations]
    out.write("], " + json.dumps(rest, ensure_ascii=False)[1:] + "\n")


def write_text(
    figures: dict[str, Any],
    rejections: Iterator[Rejected],
    explanations: Sequence[Explanation],
    console: Console,
) -> None:
    """Print the tables an operator reads, then the explanations asked for."""
    steps = f"，环节 {figures['events']:,} 步" if figures["events"] else ""
    console.print(f"办件 {figures['cases']:,} 件{steps}")
    console.print(_verdicts(figures["verdicts"]))
    console.print(_units(figures["by_unit"]))
    if figures["as_of"]:
        console.print(_as_of(figures["as_of"]))
    if figures["anomalies"]:
        console.print(_anomalies(figures["anomalies"]))
    shown = list(islice(rejections, SHOWN))
    if shown:
        console.print(_rejected(shown))
        more = sum(1 for _ in rejections)
        if more:
            console.print(f"另有 {more:,} 处未列出，--json 可见全部。")
    for field in figures.get("absent", ()):
        console.print(f"注意：日志中没有一处出现对照表 {field} 所指的属性。")
    for explanation in explanations:
        console.print()
        for line in tell(explanation).splitlines():
            console.print(visible(line), markup=False, highlight=False, soft_wrap=True)


def _rejection(rejected: Rejected) -> dict[str, Any]:
    place = {"line": rejected.line, "case": rejected.case}
    why = {"code": rejected.code, "field": rejected.field}
    found = {"column": rejected.column, "text": rejected.text or None}
    return {key: value for key, value in (place | why | found).items() if value is not None}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(columns[0])
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _verdicts(counts: dict[str, int]) -> Table:
    table = _table("结论", "结论", "件数", "占比")
    whole = sum(counts.values()) or 1
    for verdict in Verdict:
        n = counts[verdict.value]
        table.add_row(VERDICTS[verdict], f"{n:,}", f"{n / whole:.1%}")
    return table


def _units(rows: Sequence[dict[str, Any]]) -> Table:
    table = _table("各单位", "单位", "办件", "超期办结", "在办超期")
    for row in rows[:SHOWN]:
        figures = (f"{row[key]:,}" for key in ("cases", "late", "open_overdue"))
        table.add_row(_plain(row["unit"]), *figures)
    if len(rows) > SHOWN:
        table.caption = f"另有 {len(rows) - SHOWN:,} 个单位，--json 可见全部"
    return table


def _as_of(rows: Sequence[dict[str, Any]]) -> Table:
    table = _table("历史时点", "时点", "已受理", "在办", "在办超期", "七日内到期")
    keys = ("started", "open", "open_overdue", "due_within_7_days")
    for row in rows:
        table.add_row(row["at"], *(f"{row[key]:,}" for key in keys))
    return table


def _anomalies(counts: dict[str, int]) -> Table:
    table = _table("异常（照录判定，逐项计数）", "异常", "办件")
    for code, n in counts.items():
        table.add_row(f"{ANOMALIES[code]}（{code}）", f"{n:,}")
    return table


def _rejected(rows: Sequence[Rejected]) -> Table:
    table = Table(title="未予判定", title_justify="left", title_style="bold")
    for column in ("位置", "原因", "字段", "原文"):
        table.add_column(column)
    for row in rows:
        place = f"第 {row.line} 行" if row.line is not None else f"办件 {row.case}"
        table.add_row(
            _plain(place), REJECTIONS[row.code], row.column or row.field, _plain(row.text)
        )
    return table


def _plain(text: str) -> str:
    """Keep text from a log from being read as markup, or as commands, by the console."""
    return escape(visible(text))
