"""Understand one entry of a log, or say which field of it cannot be understood."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.entry import (
    CASE_TIMES,
    STEP_TIME,
    CaseCells,
    Cell,
    Entry,
    Row,
    StepCells,
    Trace,
)
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.times import TimeReader, time_reader

_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a case; `name` and `unit` are "" where the log says nothing."""

    name: str
    at: Moment
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry, understood; `unit` and `item` are "" and moments None where it says nothing.

    `line` is None for an XES trace. `accepted` is None only in a table with a row per step, where
    another row of the case may tell.
    """

    line: int | None
    case_id: str
    unit: str
    item: str
    accepted: Moment | None
    due: Moment | None
    finished: Moment | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What cannot be judged, and why; of `line` and `case` exactly one is given.

    Codes: `missing-id`, `missing-accepted-time`, `missing-time`, `unreadable-time`. `field` is
    `id`, `accepted_at`, `due_at`, `finished_at` or `event.at`; `column` what the map names for it,
    None for a constant; `text` what stands there, cut to 40 characters.
    """

    line: int | None
    case: str | None
    code: str
    field: str
    column: str | None
    text: str


class Reading(NamedTuple):
    """What became of an entry.

    `record` is None if the entry as a whole was rejected, then `rejected` has one element. Beside
    a record it has one for each step left out.
    """

    record: Record | None
    rejected: tuple[Rejected, ...]


class _Flaw(NamedTuple):
    code: str
    field: str
    text: str


def record_reader(log_map: LogMap) -> Callable[[Entry], Reading]:
    """Return a function that reads one entry of a log with this map."""
    times = time_reader(log_map.timezone, log_map.time_formats)

    def read(entry: Entry) -> Reading:
        told = _emptied(entry, log_map.empty) if log_map.empty else entry
        if isinstance(told, Row):
            return _read_row(told, times, log_map)
        return _read_trace(told, times, log_map)

    return read


def _emptied(entry: Entry, empty: frozenset[str]) -> Entry:
    """Take for empty what the map says means nothing."""

    def step(cells: StepCells) -> StepCells:
        return StepCells._make("" if cell in empty else cell for cell in cells)

    case = CaseCells._make("" if cell in empty else cell for cell in entry.case)
    if isinstance(entry, Row):
        return entry._replace(case=case, step=None if entry.step is None else step(entry.step))
    return entry._replace(case=case, steps=tuple(step(cells) for cells in entry.steps))


def _read_row(row: Row, times: TimeReader, log_map: LogMap) -> Reading:
    moments = _case_moments(row, times, accepted_elsewhere=log_map.event is not None)
    if isinstance(moments, _Flaw):
        return Reading(None, (_rejected(moments, row.line, None, log_map),))
    step = _step(row.step, times) if row.step else None
    if isinstance(step, _Flaw):
        left_out = _rejected(step, row.line, None, log_map)
        return Reading(_record(row, row.line, moments, ()), (left_out,))
    return Reading(_record(row, row.line, moments, (step,) if step else ()), ())


def _read_trace(trace: Trace, times: TimeReader, log_map: LogMap) -> Reading:
    case = _text(trace.case.id) or None
    line = None if case else trace.line
    moments = _case_moments(trace, times, accepted_elsewhere=False)
    if isinstance(moments, _Flaw):
        return Reading(None, (_rejected(moments, line, case, log_map),))
    read = [_step(step, times) for step in trace.steps]
    steps = tuple(step for step in read if isinstance(step, Step))
    flaws = (flaw for flaw in read if isinstance(flaw, _Flaw))
    rejected = tuple(_rejected(flaw, line, case, log_map) for flaw in flaws)
    return Reading(_record(trace, None, moments, steps), rejected)


def _case_moments(
    entry: Entry, times: TimeReader, *, accepted_elsewhere: bool
) -> Sequence[Moment | None] | _Flaw:
    if not entry.case.id:
        return _Flaw("missing-id", "id", "")
    moments: list[Moment | None] = []
    for field, cell in zip(CASE_TIMES, entry.case[3:], strict=True):
        moment = times(cell) if cell else None
        if cell and moment is None:
            return _Flaw("unreadable-time", field, _text(cell))
        moments.append(moment)
    if moments[0] is None and not accepted_elsewhere:
        return _Flaw("missing-accepted-time", CASE_TIMES[0], "")
    return moments


def _step(cells: StepCells, times: TimeReader) -> Step | _Flaw:
    if not cells.at:
        return _Flaw("missing-time", STEP_TIME, "")
    at = times(cells.at)
    if at is None:
        return _Flaw("unreadable-time", STEP_TIME, _text(cells.at))
    return Step(name=_text(cells.name), at=at, unit=_text(cells.unit))


def _record(
    entry: Entry, line: int | None, moments: Sequence[Moment | None], steps: tuple[Step, ...]
) -> Record:
    accepted, due, finished = moments
    return Record(
        line=line,
        case_id=_text(entry.case.id),
        unit=_text(entry.case.unit),
        item=_text(entry.case.item),
        accepted=accepted,
        due=due,
        finished=finished,
        steps=steps,
    )


def _rejected(flaw: _Flaw, line: int | None, case: str | None, log_map: LogMap) -> Rejected:
    if flaw.field == STEP_TIME:
        mapped = log_map.event.at if log_map.event else None
    else:
        mapped = getattr(log_map.case, flaw.field)
    return Rejected(
        line=line,
        case=case,
        code=flaw.code,
        field=flaw.field,
        column=mapped if isinstance(mapped, str) else None,
        text=flaw.text[:_SHOWN],
    )


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.isoformat()
