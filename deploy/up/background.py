"""Start the stack as a process of its own, and wait until it is ready or has failed."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.folder import claim, unwritable
from deploy.local.health import Health, await_ready
from deploy.local.stack import Stack, announced
from deploy.site import Site
from deploy.up.told import Told, ToldToStop

READY_SECONDS = 60.0
PAUSE_SECONDS = 0.05
LOG = "up.log"
WITHOUT_ACCOUNTS = "--without-accounts"
"""Tells our child to leave the first accounts to us: their passwords must not get into its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A stack that runs by itself, and how it is."""

    stack: Stack
    health: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A stack that ended before it was ready: its exit code, and all that it said."""

    code: int
    said: str


def start_in_background(
    site: Site, port: int, told: Told, *, demo: bool, connectors: Path | None = None
) -> Running | Failed:
    """Start a stack that outlives us. Raises RefusedError (`not-ours`, `data-unwritable`)."""
    log = _log_in(site.data)
    # without our own folder on the path, what happens to lie there can't be taken for our code
    command = [sys.executable, "-P", "-m", "deploy.command", "up", f"--port={port}"]
    command += [WITHOUT_ACCOUNTS, f"--data={site.data}", *(["--demo"] if demo else [])]
    command += [] if connectors is None else [f"--connect={connectors}"]
    with os.fdopen(_only_ours(log), "wb") as out:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        running = _await(site.data, child, told)
    except ToldToStop:
        child.terminate()
        child.wait()
        raise
    said = log.read_text(encoding="utf-8", errors="replace")
    return running or Failed(code=child.returncode or 1, said=said)


def _log_in(folder: Path) -> Path:
    logs = folder / "logs"
    claim(folder)
    try:
        logs.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise unwritable(folder, error) from error
    return logs / LOG


def _only_ours(log: Path) -> int:
    """Open a log anew for its owner alone: it tells where everything is."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(file, 0o600)  # an earlier version let everybody read it
    return file


def _await(folder: Path, child: "subprocess.Popen[bytes]", told: Told) -> Running | None:
    """Wait for the announcement of the child and for its health; None if it ends before."""

    def lives() -> bool:
        told.check()
        return child.poll() is None

    while lives():
        stack = announced(folder)
        if stack is not None and stack.pid == child.pid:
            found = await_ready(stack.console, READY_SECONDS, lives)
            return Running(stack=stack, health=found) if lives() else None
        try:
            child.wait(PAUSE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    return None
