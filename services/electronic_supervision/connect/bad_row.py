"""A row that can't be told: where it stands, why, and what a person reads of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from services.electronic_supervision.audit.report import REJECTIONS
from services.electronic_supervision.log.entry import Row
from services.electronic_supervision.log.record import Rejected
from services.electronic_supervision.log.refusal import visible

UNSAYABLE = "value-unusable"
OTHERWISE = "told-otherwise"
REASONS = REJECTIONS | {
    UNSAYABLE: "内容不能作为事件报送",
    "limit-out-of-range": "时限过长",
    OTHERWISE: "该办件已由来源系统自行报送，内容与此行不同",
}
FIELDS = {
    "case": "办件编号",
    "unit": "承办单位",
    "item": "事项",
    "step": "环节",
    "holder": "环节承办",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row, or ("" for `step`) all that is told of a case, that can't become events.

    `line` is None where no single row is to blame. `number` is "" if the row names no case.
    `field` is the column, or what the map calls it. `cells` are what stands in the row.
    """

    line: int | None
    number: str
    step: str
    code: str
    field: str
    cells: Sequence[str]

    def key(self, source: str, place: str) -> str:
        """Name what the row tells of: told readably, it takes the place of this one.

        A row without a number can only be known by its line.
        """
        which = [self.number, self.step] if self.number else [place, str(self.line)]
        said = json.dumps([source, *which])
        return f"row-{sha256(said.encode()).hexdigest()[:32]}"

    def words(self, place: str) -> str:
        """Say where it stands and why it can't be told; nothing of its content."""
        line = f"第 {self.line} 行" if self.line is not None else ""
        column = f"“{self.field[:40]}”：" if self.field else "："
        return visible(f"{place[:120]} {line}{column}{REASONS.get(self.code, '无法读取')}")


def rejected_row(row: Row, rejected: Rejected) -> BadRow:
    """Return the row that was rejected."""
    number, step = _text(row.case.id), _text(row.step.name) if row.step else ""
    return BadRow(
        line=rejected.line,
        number=number,
        step=step,
        code=rejected.code,
        field=rejected.column or rejected.field,
        cells=[_text(cell) for cell in (*row.case, *(row.step or ()))],
    )


def step_key(source: str, number: str, step: str) -> str:
    """Return the key of a bad row of a step, or ("") of the case."""
    same = BadRow(line=None, number=number, step=step, code="", field="", cells=())
    return same.key(source, "")


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else str(cell)
