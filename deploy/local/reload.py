"""Let a NATS server of ours take over its configuration while it runs."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.log import length
from deploy.local.nats import JOURNAL

TURNS = 2
"""An account that one reload adds gets what it imports with the next: seen in 2.15."""

PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.01
DONE, FAILED = "Reloaded server configuration", "Failed to reload server configuration"


def reload(folder: Path, pid: int, pause: Callable[[float], None] = time.sleep) -> bool:
    """Have the server that runs in `folder` read its configuration; tell whether it did."""
    return all(_turn(folder / JOURNAL, pid, pause) for _ in range(TURNS))


def _turn(journal: Path, pid: int, pause: Callable[[float], None]) -> bool:
    began, deadline = length(journal), time.monotonic() + PATIENCE_SECONDS
    os.kill(pid, signal.SIGHUP)
    while time.monotonic() < deadline:
        said = _said(journal, began)
        if DONE in said or FAILED in said:
            return FAILED not in said
        pause(PAUSE_SECONDS)
    return False


def _said(journal: Path, start: int) -> str:
    with journal.open("rb") as log:
        log.seek(start)
        return log.read().decode(errors="replace")
