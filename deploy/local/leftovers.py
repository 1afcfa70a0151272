"""Servers that a killed parent left running on a data folder: found by their pid files, stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PATIENCE_SECONDS = 10


class Leftover(NamedTuple):
    """A server without a parent, and the signal that ends it in good order."""

    name: str
    pid: int
    end: signal.Signals


def stop_leftovers(folder: Path) -> list[Leftover]:
    """Stop the servers that still run on a folder, which the caller occupies; return them."""
    found = list(leftovers(folder))
    for each in found:
        _signal(each.pid, each.end)
    for each in found:
        _await(each.pid)
    return found


def leftovers(folder: Path) -> Iterator[Leftover]:
    """Yield the servers that run on a folder."""
    with suppress(OSError, ValueError, IndexError):
        file = folder / "postgres" / "data" / "postmaster.pid"
        pid = int(file.read_text(encoding="ascii").splitlines()[0])
        if _works_on(pid, folder / "postgres"):
            yield Leftover("PostgreSQL", pid, signal.SIGINT)
    for ports in (folder / "nats").glob("nats-server_*.ports"):
        number = ports.stem.rpartition("_")[2]
        if number.isdecimal() and _works_on(int(number), folder / "nats"):
            yield Leftover("NATS", int(number), signal.SIGTERM)


def command_of(pid: int) -> str:
    """Return the command line of a process, "" if there is none."""
    if pid <= 0:
        return ""
    if Path("/proc/self").exists():
        with suppress(OSError):
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
            return raw.replace(b"\0", b" ").decode(errors="replace")
        return ""
    asked = ["ps", "-o", "command=", "-p", str(pid)]
    with suppress(OSError):
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return ""


def _works_on(pid: int, folder: Path) -> bool:
    """Tell whether that process is a server of this folder: the number may have been reused."""
    return str(folder) in command_of(pid)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _await(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while command_of(pid):
        if time.monotonic() > deadline:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.02)
