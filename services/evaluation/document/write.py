"""The register as a document of either kind, that imports as nothing to change."""

from io import BytesIO

import yaml
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from services.evaluation.document.headings import COLUMNS, SHEETS, words_of
from services.evaluation.document.lines import AnyLine, Sheet
from services.evaluation.document.neutral import neutral
from services.evaluation.document.snapshot import Snapshot

WIDTH = 18
TEXT = "@"
"""The format of a cell in which nothing is taken for a number or a day."""


def write_yaml(register: Snapshot) -> bytes:
    """Write the register as YAML; what is not told is left out."""
    document = {
        sheet: [line.model_dump(mode="json", exclude_none=True) for line in lines]
        for sheet, lines in register.sheets().items()
    }
    return yaml.dump(
        document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000
    ).encode()


def write_workbook(register: Snapshot) -> bytes:
    """Write the register as a workbook; texts that look like formulas are made harmless."""
    book = Workbook()
    for number, (sheet, lines) in enumerate(register.sheets().items()):
        _write_sheet(book.create_sheet(SHEETS[sheet], number), sheet, lines)
    book.remove(book.worksheets[-1])  # the one that every new workbook has
    told = BytesIO()
    book.save(told)
    return told.getvalue()


def _write_sheet(worksheet: Worksheet, sheet: Sheet, lines: list[AnyLine]) -> None:
    worksheet.freeze_panes = "A2"
    for column, (field, title) in enumerate(COLUMNS[sheet].items(), 1):
        worksheet.column_dimensions[get_column_letter(column)].width = WIDTH
        _write(worksheet, 1, column, title)
        worksheet.cell(1, column).font = Font(bold=True)
        for row, line in enumerate(lines, 2):
            value = getattr(line, field)
            _write(worksheet, row, column, "" if value is None else words_of(field, str(value)))


def _write(worksheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = worksheet.cell(row, column)
    cell.number_format = TEXT
    if text:
        cell.value = neutral(text)
