"""Figures of one run: a table of ratios on the screen, and the raw values as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured of one path; `is_ours` if others are compared with it.

    `value` is in `unit`; `note` says what a reader must know of the way it was got.
    """

    path: str
    value: float
    unit: str
    is_ours: bool = False
    note: str = ""


def machine() -> str:
    """Describe this machine, so that figures of two machines are not compared."""
    system, python = platform.system(), platform.python_version()
    return f"{os.cpu_count()} cores, {platform.machine()}, {system}, Python {python}"


def report(name: str, title: str, figures: Sequence[Figure]) -> None:
    """Print figures, each against ours of the same unit that comes first, and keep them."""
    table = Table(title=title, title_justify="left")
    for column in ("path", "figure", "unit", "ours is … × it", "note"):
        is_text = column in {"path", "unit", "note"}
        table.add_column(column, justify="left" if is_text else "right")
    for each in figures:
        table.add_row(each.path, f"{each.value:,.4g}", each.unit, _ratio(each, figures), each.note)
    Console(width=120).print(table)
    RESULTS.mkdir(exist_ok=True)
    kept = {"title": title, "machine": machine(), "figures": [asdict(each) for each in figures]}
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    (RESULTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def _ratio(figure: Figure, figures: Sequence[Figure]) -> str:
    ours = next((each for each in figures if each.is_ours and each.unit == figure.unit), None)
    if ours is None or ours is figure or not figure.value:
        return ""
    return f"{ours.value / figure.value:.3g}"
