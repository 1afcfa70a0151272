"""Tell a running stack to stop, and wait until it has."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from deploy.local.occupation import in_use, occupant
from deploy.refusal import RefusedError

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.02


def stop(folder: Path) -> int | None:
    """Stop the stack on a folder, even one that is still starting, and return its process.

    None if none runs. Raises RefusedError: `data-in-use` if another command holds the folder,
    `stop-failed` if it does not end.
    """
    holder = occupant(folder)
    if holder is None:
        return None
    if holder.command != "up" or not holder.pid:
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
