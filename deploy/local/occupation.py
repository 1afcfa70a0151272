"""One at a time on a data folder: a lock that ends with its holder, however that ends."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from pathlib import Path

from deploy.local.folder import claim, is_ours, unwritable
from deploy.refusal import RefusedError

FILE = "lock"
PATIENCE_SECONDS = 1.0
"""How long to try: whoever only looks holds the lock for an instant too."""


@dataclass(frozen=True, slots=True)
class Occupant:
    """The process that holds a folder, and the command that it carries out."""

    pid: int
    command: str


@contextmanager
def occupied(folder: Path, command: str) -> Iterator[None]:
    """Hold a folder of ours for the length of the block; one that is missing or empty becomes ours.

    Raises RefusedError (`not-ours`, `data-in-use`, `data-unwritable`).
    """
    file = _opened(folder)
    try:
        _take(file, folder)
        os.pwrite(file, f"{os.getpid()} {command}\n".encode(), 0)
        yield
        os.ftruncate(file, 0)
    finally:
        os.close(file)


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Wait for a lock of its own, for a few lines that only one may carry out at a time."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(lock, LOCK_EX)
        yield
    finally:
        os.close(lock)


def occupant(folder: Path) -> Occupant | None:
    """Return who holds a folder, None if nobody does; one of others is not even looked into.

    The number is 0 as long as a holder has not said who it is.
    """
    if not is_ours(folder):
        return None
    try:
        file = os.open(folder / FILE, os.O_RDONLY)
    except OSError:
        return None
    try:
        flock(file, LOCK_SH | LOCK_NB)
        flock(file, LOCK_UN)
    except BlockingIOError:
        pid, _, command = os.pread(file, 200, 0).decode(errors="replace").strip().partition(" ")
        return Occupant(int(pid) if pid.isdecimal() else 0, command)
    finally:
        os.close(file)
    return None


def _opened(folder: Path) -> int:
    claim(folder)
    try:
        return os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unwritable(folder, error) from error


def _take(file: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise in_use(folder, occupant(folder)) from None
            time.sleep(0.02)
        else:
            os.ftruncate(file, 0)  # at once: what a dead holder left names a process of others
            return


def in_use(folder: Path, holder: Occupant | None) -> RefusedError:
    """Say that a folder is held by another command."""
    if holder is not None and holder.command == "up":
        return RefusedError(
            "data-in-use",
            f"平台正在 {folder} 上启动或停止（进程 {holder.pid}）。",
            "请稍候重新执行，或用 xiaoneng status 查看。",
        )
    who = f"（进程 {holder.pid}，xiaoneng {holder.command}）" if holder and holder.pid else ""
    return RefusedError(
        "data-in-use", f"另一命令正在使用数据目录 {folder}{who}。", "请等它结束后重新执行。"
    )
