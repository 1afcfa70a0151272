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
HAS_PROC = Path("/proc/self").exists()


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
        if _runs(pid, "postgres", "-D", folder / "postgres" / "data"):
            yield Leftover("PostgreSQL", pid, signal.SIGINT)
    for ports in (folder / "nats").glob("nats-server_*.ports"):
        number = ports.stem.rpartition("_")[2]
        config = folder / "nats" / "nats.conf"
        if number.isdecimal() and _runs(int(number), "nats-server", "--config", config):
            yield Leftover("NATS", int(number), signal.SIGTERM)


def command_of(pid: int) -> str:
    """Return the command line of a process, "" if there is none."""
    raw = _raw_command_of(pid).replace("\0", " ")
    return os.fsencode(raw).decode(errors="replace").strip()


def _raw_command_of(pid: int) -> str:
    if pid <= 0:
        return ""
    if HAS_PROC:
        with suppress(OSError):
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).removesuffix("\0")
        return ""
    asked = ["ps", "-o", "command=", "-p", str(pid)]
    with suppress(OSError):
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return ""


def _runs(pid: int, program: str, option: str, file: Path) -> bool:
    """Tell whether a process is that server on that very file: its number may have been reused.

    The option has to be the first one, as we give it.
    """
    gap = "\0" if HAS_PROC else " "
    head, found, _ = f"{_raw_command_of(pid)}{gap}".partition(f"{gap}{option}{gap}{file}{gap}")
    is_first = gap not in head or not HAS_PROC  # elsewhere a path with a space looks like two
    return bool(found) and is_first and Path(head).name == program


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _await(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while command_of(pid):
        if time.monotonic() > deadline:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.02)
