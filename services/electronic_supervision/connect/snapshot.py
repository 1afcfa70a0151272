"""A private copy of a dropped file, as it was at one moment; what is half written is left alone."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from services.electronic_supervision.log.refusal import BadLogError

MOST_BYTES = 512 << 20
MOST_UNPACKED = 2 << 30
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a file looks like from outside: as long as this stays, nobody writes to it."""

    inode: int
    size: int
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A copy, unpacked if need be, and the sha256 of the file as it lies in its folder."""

    path: Path
    digest: bytes


class FileBusyError(Exception):
    """The file changed while it was copied, or is gone: another look will tell."""


def look_of(found: os.stat_result) -> Look:
    """Return what a file looks like."""
    return Look(found.st_ino, found.st_size, found.st_mtime_ns)


@contextmanager
def snapshot(folder: Path, name: str, look: Look) -> Iterator[Snapshot]:
    """Copy a file of a folder for the length of the block, if it still looks as it did.

    Links are never followed. Raises BadLogError (`log-unreadable`, `log-too-large`,
    `log-damaged`) and FileBusyError.
    """
    with TemporaryDirectory(prefix="xiaoneng-connect-") as made, _opened(folder, name) as file:
        _make_sure(look_of(os.fstat(file.fileno())), look)
        if look.size > MOST_BYTES:
            message = f"文件超过 {MOST_BYTES >> 20} MiB，请分成几个文件。"
            raise BadLogError("log-too-large", message)
        copy = Path(made) / f"copy{''.join(Path(name).suffixes[-2:]).lower()}"
        digest = _copied(file, copy, look.size)
        _make_sure(look_of(os.fstat(file.fileno())), look)
        yield Snapshot(path=_unpacked(copy), digest=digest)


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[BinaryIO]:
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # a link could lead out of the folder, a pipe would never end
        number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    except FileNotFoundError as error:
        raise FileBusyError(name) from error
    except OSError as error:
        message = f"无法读取文件：{error.strerror}。请检查读取权限；不读取符号链接。"
        raise BadLogError("log-unreadable", message) from error
    finally:
        os.close(place)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise BadLogError("log-unreadable", "不是普通文件，不予读取。")
        yield file


def _make_sure(found: Look, look: Look) -> None:
    if found != look:
        raise FileBusyError


def _copied(file: BinaryIO, copy: Path, size: int) -> bytes:
    """Copy so many bytes, and return their digest. Raises FileBusyError if there are others."""
    digest, copied = sha256(), 0
    with copy.open("wb") as out:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            copied += len(chunk)
            if copied > size:
                raise FileBusyError
            out.write(chunk)
    if copied != size:
        raise FileBusyError
    return digest.digest()


def _unpacked(copy: Path) -> Path:
    """Unpack a .gz within bounds; anything else is left as it is."""
    if copy.suffix != ".gz":
        return copy
    plain, written = copy.with_suffix(""), 0
    try:
        with gzip.open(copy) as packed, plain.open("wb") as out:
            while chunk := packed.read(CHUNK):
                written += len(chunk)
                if written > MOST_UNPACKED:
                    message = f"解压后超过 {MOST_UNPACKED >> 30} GiB，不予读取。"
                    raise BadLogError("log-too-large", message)
                out.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = "压缩文件已损坏或不完整，请重新导出或重新复制。"
        raise BadLogError("log-damaged", message) from error
    return plain


def move_to_done(folder: Path, name: str, look: Look) -> None:
    """Move a file that was read to the folder `done`, unless it has changed since.

    Raises OSError.
    """
    with suppress(FileNotFoundError):
        if look_of((folder / name).lstat()) != look:
            return
        done = folder / "done"
        done.mkdir(exist_ok=True)
        to = done / name
        if to.exists():
            to = done / f"{look.changed_at}-{name}"
        (folder / name).rename(to)
