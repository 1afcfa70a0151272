"""Read the rows of a .csv file, however long, in little memory."""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain

from services.electronic_supervision.log.columns import row_builder
from services.electronic_supervision.log.encoding import encoding_of
from services.electronic_supervision.log.entry import Row
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.refusal import BadLogError
from services.electronic_supervision.log.source import Source

_LONGEST_ROW = 10 << 20
_ROWS_PER_REPORT = 1000

# handed to the csv reader after the last line: if it arrives inside a field, a quote is open
_END = "\ue000end of log\ue000"


def read_csv(source: Source, log_map: LogMap, progress: Callable[[int], None]) -> Iterator[Row]:
    """Yield a `Row` for every row that is not blank; the first such row is the header.

    The delimiter (comma, semicolon or tab) is the header's. Raises BadLogError `log-empty`,
    `column-missing`, `column-ambiguous`, and `quote-unclosed` for a row over 10 Mi characters or
    one that the file's end cuts off.
    """
    encoding = encoding_of(source.stream)
    source.stream.seek(0)
    with io.TextIOWrapper(source.stream, encoding, errors="replace", newline="") as text:
        rows = _rows(_Lines(text))
        _, header = next(rows, (0, None))
        if header is None:
            raise BadLogError("log-empty", "日志是空的，请检查导出是否成功。")
        build = row_builder(log_map, header)
        for count, (line, row) in enumerate(rows):
            if count % _ROWS_PER_REPORT == 0:
                progress(source.file.tell())
            yield build(line, _cell_of(row))
    progress(source.size)


def _cell_of(row: list[str]) -> Callable[[int], str]:
    width = len(row)
    return lambda at: row[at].strip() if at < width else ""


class _Lines:
    """The physical lines of a text, with a bound on how many of them make one row."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._line = 0
        self._ended = False
        self.next_row()

    def next_row(self) -> None:
        self.row_starts_at = self._line + 1
        self._left = _LONGEST_ROW

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if line:
            self._line += 1
            self._left -= len(line)
            if self._left < 0:
                raise _unclosed(self.row_starts_at)
            return line
        if self._ended:
            raise StopIteration
        self._ended = True
        return _END


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    first = next(lines)
    while not first.strip():
        lines.next_row()
        first = next(lines)
    # process-wide, and only ever raised: the lines above bound a field more strictly
    csv.field_size_limit(max(csv.field_size_limit(), 2 * _LONGEST_ROW))
    reader = csv.reader(chain([first], lines), delimiter=_delimiter(first), skipinitialspace=True)
    for row in reader:
        if row and row[-1].endswith(_END):
            if row != [_END]:
                raise _unclosed(lines.row_starts_at)
            return
        if any(map(str.strip, row)):
            yield lines.row_starts_at, row
        lines.next_row()


def _delimiter(header: str) -> str:
    outside_quotes = "".join(header.split('"')[::2])
    return max(",;\t", key=outside_quotes.count)


def _unclosed(line: int) -> BadLogError:
    message = f"从第 {line} 行开始的一条记录没有结束：多半是引号没有成对，请改正后再试。"
    return BadLogError("quote-unclosed", message, line=line)
