"""Find the columns a map names in the header of a table."""

from collections.abc import Callable, Sequence

from services.electronic_supervision.log.entry import CaseCells, Cell, Row, StepCells
from services.electronic_supervision.log.map import Constant, LogMap
from services.electronic_supervision.log.refusal import BadLogError

_LISTED = 50

# where a cell comes from: a column's index, or a text that is the same for every row
Origin = int | str


def case_fields(log_map: LogMap) -> list[str | Constant | None]:
    """Return what the map gives for each cell of `CaseCells`, in its order."""
    return [getattr(log_map.case, name) for name in CaseCells._fields]


def step_fields(log_map: LogMap) -> list[str | Constant | None]:
    """Return what the map gives for each cell of `StepCells`, in its order."""
    return [getattr(log_map.event, name, None) for name in StepCells._fields]


def row_builder(
    log_map: LogMap, header: Sequence[str]
) -> Callable[[int, Callable[[int], Cell]], Row]:
    """Return a function of a row's line and its cells by column index to the `Row`.

    Header names are compared without surrounding blanks. Raises BadLogError `column-missing`, or
    `column-ambiguous` if a mapped name heads two columns.
    """
    names = [name.strip().strip("\ufeff\u200b") for name in header]
    case = [
        _origin(mapped, f"case.{field}", names)
        for field, mapped in zip(CaseCells._fields, case_fields(log_map), strict=True)
    ]
    step = [
        _origin(mapped, f"event.{field}", names)
        for field, mapped in zip(StepCells._fields, step_fields(log_map), strict=True)
    ]
    with_step = log_map.event is not None

    def build(line: int, cell_at: Callable[[int], Cell]) -> Row:
        cells = [cell_at(at) if isinstance(at, int) else at for at in case]
        if not with_step:
            return Row(line, CaseCells._make(cells), None)
        of_step = [cell_at(at) if isinstance(at, int) else at for at in step]
        return Row(line, CaseCells._make(cells), StepCells._make(of_step))

    return build


def _origin(mapped: str | Constant | None, field: str, names: Sequence[str]) -> Origin:
    if mapped is None:
        return ""
    if isinstance(mapped, Constant):
        return mapped.value
    times = names.count(mapped)
    if times == 1:
        return names.index(mapped)
    if times:
        message = f"表头里有 {times} 个“{mapped}”列，不知道该用哪一个，请改成不同的列名。"
        raise BadLogError("column-ambiguous", message, field=field)
    present = "、".join([name for name in names if name][:_LISTED]) or "（没有列名）"
    message = f"日志里没有“{mapped}”列（映射的 {field}）。现有的列：{present}。请改正映射。"
    raise BadLogError("column-missing", message, field=field)
