"""Tell a running stack to stop, and wait until it has."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from deploy.local.leftovers import command_of
from deploy.local.occupation import Occupant, in_use, occupant
from deploy.refusal import RefusedError

NAMING_SECONDS = 2.0
"""How long a holder may take to say who it is; until then its lock may name a dead one."""

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.02
OURS = {"xiaoneng", "deploy.command"}


def stop(folder: Path) -> int | None:
    """Stop the stack on a folder, even one that is still starting, and return its process.

    None if none runs. Raises RefusedError: `data-in-use` if another command holds the folder,
    `stop-failed` if it does not end.
    """
    holder = _named(folder)
    if holder is None:
        return None
    if holder.command != "up" or not _is_ours(holder):
        raise in_use(folder, holder)
    with suppress(ProcessLookupError):
        os.kill(holder.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (still := occupant(folder)) is not None and still.pid == holder.pid:
        if time.monotonic() > deadline:
            raise RefusedError(
                "stop-failed",
                f"进程 {holder.pid} 没有在 {PATIENCE_SECONDS:.0f} 秒内结束。",
                f"请查看 {folder / 'logs'} 中的日志；必要时执行 kill -9 {holder.pid}，数据无损。",
            )
        time.sleep(PAUSE_SECONDS)
    return holder.pid


def _named(folder: Path) -> Occupant | None:
    """Return who holds a folder, once it is one of ours that says so, or has had its time."""
    deadline = time.monotonic() + NAMING_SECONDS
    while (holder := occupant(folder)) is not None and not _is_ours(holder):
        if time.monotonic() > deadline:
            return Occupant(0, "")
        time.sleep(PAUSE_SECONDS)
    return holder


def _is_ours(holder: Occupant) -> bool:
    """Tell whether the process carries that command of ours out: its number may be reused."""
    words = command_of(holder.pid).split()
    return holder.command in words and any(Path(each).name in OURS for each in words)
