"""Read the rows of the first sheet of an .xlsx workbook, one after another."""

import shutil
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from services.electronic_supervision.log.columns import row_builder
from services.electronic_supervision.log.entry import Cell, Row
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.refusal import BadLogError
from services.electronic_supervision.log.source import Source
from services.electronic_supervision.log.xlsx_cells import read_cell
from services.electronic_supervision.log.xlsx_guard import make_sure_of_parts

_ROWS_PER_REPORT = 1000
_MOST_ROWS = 1_048_576

# what openpyxl and zipfile let escape when a part of a workbook is missing or wrong
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of XML, as lxml and the standard library say it
    EOFError,
    NotImplementedError,  # zipfile, of a compression or encryption it does not know
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
)

SheetRow = Sequence[ReadOnlyCell]


def read_xlsx(source: Source, log_map: LogMap, progress: Callable[[int], None]) -> Iterator[Row]:
    """Yield a `Row` for every row that is not blank; the first such row is the header.

    Formulas give their last result. Raises BadLogError `log-damaged`, `log-too-large`, `log-empty`,
    `column-missing`, `column-ambiguous`.
    """
    with _zip_file(source) as file, closing(_workbook(file)) as book:
        epoch = book.epoch
        rows = _filled_rows(book, lambda: progress(_progressed(file, source)))
        _, header = next(rows, (0, None))
        if header is None:
            raise BadLogError("log-empty", "第一张工作表是空的，请把日志放在第一张工作表。")
        build = row_builder(log_map, [str(read_cell(cell, epoch)) for cell in header])
        for line, row in rows:
            yield build(line, _cell_of(row, epoch))
    progress(source.size)


def _cell_of(row: SheetRow, epoch: datetime) -> Callable[[int], Cell]:
    width = len(row)
    return lambda at: read_cell(row[at], epoch) if at < width else ""


@contextmanager
def _zip_file(source: Source) -> Iterator[BinaryIO]:
    if not source.gzipped:
        yield source.stream
        return
    with TemporaryFile() as unpacked:
        shutil.copyfileobj(source.stream, unpacked)
        yield unpacked


def _progressed(file: BinaryIO, source: Source) -> int:
    if not source.gzipped:
        return min(source.file.tell(), source.size)
    here = file.tell()
    whole = file.seek(0, 2)
    file.seek(here)
    return source.size * here // max(whole, 1)


def _workbook(file: BinaryIO) -> Workbook:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            make_sure_of_parts(parts.infolist())
        with warnings.catch_warnings():
            # about styles and extensions, which an audit does not need
            warnings.simplefilter("ignore")
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (*_DAMAGE, OSError) as error:  # OSError: "contains no valid workbook part"
        raise _damaged() from error


def _filled_rows(book: Workbook, report: Callable[[], None]) -> Iterator[tuple[int, SheetRow]]:
    if not book.worksheets:
        raise _damaged()
    sheet = book.worksheets[0]
    # the size a sheet states for itself is often wrong, and would cut rows off
    cast("ReadOnlyWorksheet", sheet).reset_dimensions()
    cells = cast("Worksheet", sheet).iter_rows(min_row=1, min_col=1)
    rows = enumerate(cast("Iterator[SheetRow]", cells), start=1)
    while batch := _batch(rows):
        report()
        for line, row in batch:
            if line > _MOST_ROWS:
                raise _damaged()
            if any(map(_is_filled, row)):
                yield line, row


def _is_filled(cell: ReadOnlyCell) -> bool:
    value = cell.value
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _batch(rows: Iterator[tuple[int, SheetRow]]) -> list[tuple[int, SheetRow]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(islice(rows, _ROWS_PER_REPORT))
    except _DAMAGE as error:
        raise _damaged() from error


def _damaged() -> BadLogError:
    return BadLogError(
        "log-damaged",
        "这个 .xlsx 已损坏或不是工作簿，请用 Excel 或 WPS 打开并另存为 .xlsx 后再试。",
    )
