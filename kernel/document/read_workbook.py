"""Read the rows of a workbook (.xlsx)."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from io import BytesIO
from typing import cast

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from kernel.document.layout import Layout, Line, Sheet
from kernel.document.mistake import MOST_QUOTED
from kernel.document.neutral import original
from kernel.document.raw import BadDocumentError, RawRow
from kernel.document.workbook_guard import DAMAGE, make_sure_of_workbook

NOTES = "说明"
"""A sheet for people, which nobody reads here."""
MOST_COLUMNS = 50
BROKEN = (*DAMAGE, SyntaxError, LookupError, TypeError, AttributeError, OverflowError, OSError)

Cells = Sequence[ReadOnlyCell]


def read_workbook(content: bytes, layout: Layout[Line]) -> list[RawRow]:
    """Return all rows that are not blank. Raises BadDocumentError.

    Codes: those of make_sure_of_workbook, `sheet-unknown`, `column-unknown`, `column-twice`,
    `column-missing`, `too-many-rows`.
    """
    make_sure_of_workbook(content, layout.most_bytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with closing(load_workbook(BytesIO(content), read_only=True)) as book:
                return list(_rows(book, layout))
    except BROKEN as error:
        raise BadDocumentError("workbook-damaged") from error


def _rows(book: Workbook, layout: Layout[Line]) -> Iterator[RawRow]:
    count = 0
    for number, each in enumerate(book.worksheets, 1):
        if each.title == NOTES:
            continue
        if each.title not in layout.titled:
            raise BadDocumentError("sheet-unknown", f"第 {number} 张工作表")
        for row in _rows_of(layout.titled[each.title], each, 2 * layout.most_rows):
            count += 1
            if count > layout.most_rows:
                raise BadDocumentError("too-many-rows", f" {layout.most_rows} ")
            yield row


def _rows_of(sheet: Sheet[Line], worksheet: Worksheet, most: int) -> Iterator[RawRow]:
    # the size a sheet states for itself is often wrong, and would cut rows off
    cast("ReadOnlyWorksheet", worksheet).reset_dimensions()
    cells = cast("Iterator[Cells]", worksheet.iter_rows(max_col=MOST_COLUMNS))
    columns: Mapping[int, str] | None = None
    for number, row in enumerate(cells, 1):
        if number > most:
            raise BadDocumentError("too-many-rows", f" {most} ")
        filled = [cell for cell in row if cell.value is not None and _text(cell)]
        if not filled:
            continue
        if columns is None:
            columns = _columns(sheet, filled)
            continue
        yield _row(sheet, number, columns, filled)


def _columns(sheet: Sheet[Line], header: Cells) -> Mapping[int, str]:
    fields = {title: field for field, title in sheet.columns.items()}
    where = f"工作表“{sheet.title}”"
    found: dict[int, str] = {}
    for cell in header:
        field = fields.get(_text(cell))
        if field is None:
            heading = _text(cell)[:MOST_QUOTED]
            raise BadDocumentError("column-unknown", f"{where}第 {cell.column} 列“{heading}”")
        if field in found.values():
            raise BadDocumentError("column-twice", f"{where}第 {cell.column} 列")
        found[int(cell.column)] = field
    for field in sheet.required:
        if field not in found.values():
            raise BadDocumentError("column-missing", f"{where}中的“{sheet.columns[field]}”")
    return found


def _row(sheet: Sheet[Line], number: int, columns: Mapping[int, str], filled: Cells) -> RawRow:
    values, faults = {}, {}
    for cell in filled:
        field = columns.get(int(cell.column))
        if field is None:
            faults[""] = "cell-without-column"
        elif cell.data_type == "f":
            faults[field] = "cell-formula"
        elif cell.data_type == "e":
            faults[field] = "cell-error"
        elif cell.data_type == "b":
            faults[field] = "cell-boolean"
        else:
            values[field] = sheet.value_of(field, original(_text(cell)))
    return RawRow(sheet=sheet.name, number=number, values=values, faults=faults)


def _text(cell: ReadOnlyCell) -> str:
    """Return a cell as text: a day as YYYY-MM-DD, a whole number without a decimal point."""
    value = cell.value
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(value).removesuffix(".0")
    return str(value).strip(" \n\r\u3000\u00a0") if isinstance(value, str) else str(value)
