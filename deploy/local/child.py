"""Start a server as a child of ours that never outlives us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


def start(
    command: Sequence[str],
    log: IO[bytes],
    *,
    end: signal.Signals,
    user: str | None = None,
    cwd: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a child that hears `end` from the kernel when the thread that starts it dies.

    So it is on Linux; elsewhere what a killed parent left is found by `leftovers` later.
    """
    return subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        user=user,
        cwd=cwd,
        process_group=0,  # Ctrl-C is for us, who stop the server once nobody needs it
        preexec_fn=_bound(end),  # runs after the change of user, which would undo it
    )


def _bound(end: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(end), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask
