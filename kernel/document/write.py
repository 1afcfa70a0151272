"""Lines as a document of either kind, that reads as the same lines."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import yaml
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kernel.document.layout import Layout, Line, Sheet
from kernel.document.neutral import neutral

WIDTH = 18
TEXT = "@"
"""The format of a cell in which nothing is taken for a number or a day."""

Lines = Mapping[str, Sequence[Line]]
"""By the name of a sheet, what is on it."""


def write_yaml(layout: Layout[Line], lines: Lines[Line]) -> bytes:
    """Write lines as YAML; what is not told is left out."""
    document = {
        sheet.name: [line.model_dump(mode="json", exclude_none=True) for line in lines[sheet.name]]
        for sheet in layout.sheets
    }
    return yaml.dump(
        document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000
    ).encode()


def write_workbook(layout: Layout[Line], lines: Lines[Line]) -> bytes:
    """Write lines as a workbook; texts that look like formulas are made harmless."""
    book = Workbook()
    for number, sheet in enumerate(layout.sheets):
        _write_sheet(book.create_sheet(sheet.title, number), sheet, lines[sheet.name])
    book.remove(book.worksheets[-1])  # the one that every new workbook has
    told = BytesIO()
    book.save(told)
    return told.getvalue()


def _write_sheet(worksheet: Worksheet, sheet: Sheet[Line], lines: Sequence[Line]) -> None:
    worksheet.freeze_panes = "A2"
    for column, (field, title) in enumerate(sheet.columns.items(), 1):
        worksheet.column_dimensions[get_column_letter(column)].width = WIDTH
        _write(worksheet, 1, column, title)
        worksheet.cell(1, column).font = Font(bold=True)
        for row, line in enumerate(lines, 2):
            value = getattr(line, field)
            text = "" if value is None else sheet.words_of(field, str(value))
            _write(worksheet, row, column, text)


def _write(worksheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = worksheet.cell(row, column)
    cell.number_format = TEXT
    if text:
        cell.value = neutral(text)
