"""Open another system's log, whatever its format, as a stream of entries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.electronic_supervision.log.csv_rows import read_csv
from services.electronic_supervision.log.entry import Entry
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.refusal import BadLogError
from services.electronic_supervision.log.source import open_source
from services.electronic_supervision.log.xes_traces import read_xes
from services.electronic_supervision.log.xlsx_rows import read_xlsx

_SUFFIXES = (".csv", ".xlsx", ".xes")
_GZIP = b"\x1f\x8b"
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MARKUP = (b"<?xml", b"<html", b"<!doc", b"<tabl", b"<log")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Log:
    """An opened log. `size` is the file's, in bytes; `entries` can be read once.

    After the last entry of an .xes, `absent` holds the fields of the map (`case.finished_at`) whose
    attribute never occurred; for tables it stays empty, since a missing column is an error.
    """

    size: int
    entries: Iterator[Entry]
    absent: set[str]


def open_log(path: Path, log_map: LogMap, progress: Progress = lambda _: None) -> Log:
    """Open a .csv, .xlsx or .xes log, each also .gz, to be read in bounded memory.

    `progress` now and then hears how many of `size` bytes are read. Raises BadLogError here for a
    file that is missing, empty or not what its suffix says, and while reading for what only shows
    then.
    """
    suffix, gzipped = _format(path)
    with open_source(path, gzipped=False) as source:
        size = source.size
        _check_gzip(source.stream.read(2), gzipped=gzipped)
    with open_source(path, gzipped=gzipped) as source:
        _check_content(source.stream.read(64), suffix)
    absent: set[str] = set()
    return Log(size, _entries(path, log_map, progress, absent), absent)


def _entries(path: Path, log_map: LogMap, progress: Progress, absent: set[str]) -> Iterator[Entry]:
    suffix, gzipped = _format(path)
    with open_source(path, gzipped=gzipped) as source:
        if suffix == ".csv":
            yield from read_csv(source, log_map, progress)
        elif suffix == ".xlsx":
            yield from read_xlsx(source, log_map, progress)
        else:
            yield from read_xes(source, log_map, progress, absent)


def _format(path: Path) -> tuple[str, bool]:
    name = path.name.lower()
    gzipped = name.endswith(".gz")
    suffix = Path(name.removesuffix(".gz")).suffix
    if suffix in _SUFFIXES:
        return suffix, gzipped
    hint = "请先另存为 .xlsx。" if suffix in (".xls", ".et") else "请改用这几种格式。"
    message = f"不认识 {path.name} 的格式：日志可以是 .csv、.xlsx、.xes，或它们的 .gz。{hint}"
    raise BadLogError("log-suffix", message)


def _check_gzip(head: bytes, *, gzipped: bool) -> None:
    if not head:
        raise BadLogError("log-empty", "日志文件是空的（0 字节），请检查导出是否成功。")
    if gzipped and head != _GZIP:
        raise BadLogError("log-mismatch", "文件名以 .gz 结尾，内容却没有压缩，请去掉 .gz。")
    if not gzipped and head == _GZIP:
        raise BadLogError("log-mismatch", "文件内容是 gzip 压缩的，请在文件名后加上 .gz。")


def _check_content(head: bytes, suffix: str) -> None:
    for mark in _MARKS:
        head = head.removeprefix(mark)
    start = head.lstrip().lower()[:5]
    if not head:
        raise BadLogError("log-empty", "日志是空的，请检查导出是否成功。")
    if head.startswith(_OLE):
        found = "旧版 .xls（或加密的工作簿），请打开后另存为不加密的 .xlsx。"
    elif head.startswith(_ZIP):
        found = "" if suffix == ".xlsx" else "工作簿或压缩包；若是工作簿，请把后缀改为 .xlsx。"
    elif suffix == ".xlsx":
        found = "文本而不是工作簿；若是 CSV，请把后缀改为 .csv，否则请另存为 .xlsx。"
    elif suffix == ".csv" and start in _MARKUP:
        found = "XML 或网页；若是 XES，请把后缀改为 .xes，否则请另存为 .csv。"
    elif suffix == ".xes" and not start.replace(b"\0", b"").startswith(b"<"):
        found = "文本而不是 XML；若是 CSV，请把后缀改为 .csv。"
    else:
        found = ""
    if found:
        raise BadLogError("log-mismatch", f"文件后缀是 {suffix}，内容却像是{found}")
