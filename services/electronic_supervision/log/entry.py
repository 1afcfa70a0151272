"""What a reader finds in a log, before anything in it is understood."""

from datetime import date, datetime
from typing import NamedTuple

# text without surrounding blanks ("" if there is none), or what .xlsx says is a time or a day
Cell = str | datetime | date

CASE_TIMES = ("accepted_at", "due_at", "finished_at")
STEP_TIME = "event.at"


class CaseCells(NamedTuple):
    """What one entry says of its case; "" for what the map does not name."""

    id: Cell
    unit: Cell
    item: Cell
    accepted_at: Cell
    due_at: Cell
    finished_at: Cell


class StepCells(NamedTuple):
    """What one entry says of one step; "" for what the map does not name."""

    name: Cell
    at: Cell
    unit: Cell


class Row(NamedTuple):
    """One row of a table: a case, or one step of it if the map has `event`.

    `line` is the physical line the row starts on (.csv) or the sheet's row number (.xlsx); the
    first is 1.
    """

    line: int
    case: CaseCells
    step: StepCells | None


class Trace(NamedTuple):
    """One XES trace: a case with all its steps.

    `line` is that of its opening tag; beyond 65,535 the parser may give the one after.
    """

    line: int
    case: CaseCells
    steps: tuple[StepCells, ...]


Entry = Row | Trace
