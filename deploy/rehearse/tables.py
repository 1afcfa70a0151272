"""The result of a rehearsal as tables on a terminal, in Chinese."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.log.refusal import visible
from services.electronic_supervision.rehearsal.words import LEVELS

SHOWN = 20
WHATS = {"appear": "新增", "vanish": "消失", "change": "变级"}


def tables_of(subject: str, result: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield all of it in order: figures, by unit, by item, by rule, by level, examples, notes."""
    figures = result["figures"]
    told = "，".join(f"{name} {figures[what]}" for what, name in WHATS.items())
    yield _plain(f"预演 {subject}：比对办件 {figures['cases']}，事实 {figures['facts']}；{told}。")
    for name, title in (("unit", "单位"), ("item", "事项"), ("rule", "规则")):
        if rows := result[f"{name}s"]:
            yield _counts(name, title, rows)
    if result["levels"]:
        yield _levels(result["levels"])
    for each in result["examples"][:SHOWN]:
        about = each["case"] or each["subject"]
        yield _plain(f"{WHATS[each['kind']]} {about}（{each['unit']}）：{each['words']}")
    for each in result["failures"]:
        yield _plain(f"规则 {each['rule']} 有 {each['count']} 次无法计算：{each['words']}")
    for each in result["notes"]:
        yield _plain(f"注意：{each}")


def _counts(name: str, title: str, rows: list[Mapping[str, Any]]) -> Table:
    table = Table(title, *WHATS.values())
    for row in rows[:SHOWN]:
        table.add_row(_plain(row[name]), *(str(row[what]) for what in WHATS))
    if len(rows) > SHOWN:
        table.add_row(f"……另有 {len(rows) - SHOWN} 行，见 --json")
    return table


def _levels(rows: list[Mapping[str, Any]]) -> Table:
    table = Table("现行", "变更后", "数量")
    for row in rows:
        table.add_row(_level(row["before"]), _level(row["after"]), str(row["count"]))
    return table


def _level(value: str | None) -> str:
    return "无" if value is None else LEVELS[Level(value)]


def _plain(text: str) -> str:
    return escape(visible(text))
