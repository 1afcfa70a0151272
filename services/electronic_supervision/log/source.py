"""Open a log as a stream of bytes, compressed or not, and know how far it has been read."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.electronic_supervision.log.refusal import BadLogError

_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """An open log: `stream` gives its content uncompressed and can be rewound.

    `gzipped` tells whether that costs: going back means starting over.
    `file` is the file itself; its `tell()` counts bytes read as they lie on the disk, `size` of
    them in all.
    """

    stream: BinaryIO
    file: io.FileIO
    size: int
    gzipped: bool


@contextmanager
def open_source(path: Path, *, gzipped: bool) -> Iterator[Source]:
    """Open a log; what goes wrong while it is read becomes a BadLogError.

    `log-unreadable`: no such file, not a regular file, no permission; `log-damaged`: broken gzip.
    """
    if path.exists() and not path.is_file():
        message = f"{path} 不是普通文件（可能是目录），请给出日志文件。"
        raise BadLogError("log-unreadable", message)
    try:
        with path.open("rb", buffering=0) as file:
            size = path.stat().st_size
            with gzip.GzipFile(fileobj=file) if gzipped else file as content:
                buffered = io.BufferedReader(content, _BUFFER)
                yield Source(buffered, file, size, gzipped)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"压缩文件 {path} 已损坏或不完整，请重新导出或重新复制。"
        raise BadLogError("log-damaged", message) from error
    except FileNotFoundError as error:
        raise BadLogError("log-unreadable", f"找不到日志 {path}，请检查路径。") from error
    except OSError as error:
        message = f"无法读取日志 {path}，请检查文件的读取权限和磁盘。"
        raise BadLogError("log-unreadable", message) from error
