"""Where a local stack that is running can be reached: one file in its data folder."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from deploy.local.occupation import occupant

FILE = "stack.json"
ENDING = {"stopping": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A running stack; the URLs of both servers are the administrator's and hold passwords.

    `started_at` is aware, in ISO 8601. `token` opens the console. `nats_pid` is 0 where the bus is
    not ours, `is_demo` if what it shows is made up.
    """

    pid: int
    started_at: str
    console: str
    token: str = field(repr=False)
    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)
    nats_pid: int = 0
    is_demo: bool = False


def announce(folder: Path, stack: Stack) -> None:
    """Write the file, all or nothing, for its owner alone."""
    _write(folder, asdict(stack))


def announce_end(folder: Path) -> None:
    """Say in the file that the stack stops: it can't be reached any more, but is not gone yet."""
    with suppress(OSError):  # a full disk must not keep it from stopping
        _write(folder, ENDING)


def retract(folder: Path) -> None:
    """Remove the file: of a stack that has stopped, or that was killed before."""
    (folder / FILE).unlink(missing_ok=True)


def announced(folder: Path) -> Stack | None:
    """Return the stack that runs on a folder.

    None without a file that can be read, or if the one who wrote it no longer holds the folder.
    """
    stack = written(folder)
    if stack is None:
        return None
    holder = occupant(folder)
    return stack if holder is not None and holder.pid == stack.pid else None


def written(folder: Path) -> Stack | None:
    """Return what the file says, whether or not it still runs; None if that can't be read."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        stack = Stack(**told)
        datetime.fromisoformat(stack.started_at)
    except (OSError, ValueError, TypeError):
        return None
    return stack


def _write(folder: Path, told: Mapping[str, object]) -> None:
    new = folder / f"{FILE}.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(told, out, indent=2)
    new.replace(folder / FILE)
