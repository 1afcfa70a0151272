"""The command as it is typed: a real process, on a data folder and ports of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from deploy.local.leftovers import leftovers
from deploy.local.phase import course

PATIENCE_SECONDS = 60
FIRST_PORT, SPACING, BLOCKS = 20_000, 4, 2500
COMMAND = [sys.executable, "-P", "-m", "deploy.command"]
TRIED = count(FIRST_PORT + os.getpid() % BLOCKS * SPACING, SPACING)
RESERVED: list[socket.socket] = []


def clean_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("XIAONENG_")}


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports() -> int:
    """Return the first of three free ports in a row, for this process alone.

    The fourth is kept, so that other tests, which look at the same time, go on to the next.
    """
    for first in TRIED:
        claim = socket.socket()
        try:
            claim.bind(("127.0.0.1", first + SPACING - 1))
        except OSError:
            claim.close()
            continue
        RESERVED.append(claim)
        if all(is_free(first + n) for n in range(SPACING - 1)):
            return first
    raise AssertionError("unreachable")


@dataclass
class Place:
    """A data folder, the first of three ports, and what runs there."""

    data: Path
    port: int
    running: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def type(
        self, command: str, *arguments: str, **told: str
    ) -> "subprocess.CompletedProcess[str]":
        """Carry a command out on this data folder, in a shell that knows what it is told alone."""
        typed = [*COMMAND, command, *arguments, "--data", str(self.data)]
        return subprocess.run(
            typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
            env=clean_environment() | told,
        )

    def up(self, *arguments: str, **told: str) -> "subprocess.CompletedProcess[str]":
        return self.type("up", f"--port={self.port}", *arguments, **told)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start it in the foreground, as from a terminal; its words are in `said`."""
        typed = [*COMMAND, "up", f"--port={self.port}", "--data", str(self.data), *arguments]
        with self.words.open("w") as out:
            process = subprocess.Popen(
                typed, stdout=out, stderr=out, text=True, env=clean_environment()
            )
        self.running.append(process)
        return process

    def started(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start it, and return once it has told where it is."""
        process = self.start(*arguments)
        wait_until(lambda: "下一步" in self.said or process.poll() is not None)
        assert process.poll() is None, self.said
        return process

    @property
    def words(self) -> Path:
        return self.data.parent / "said"

    @property
    def said(self) -> str:
        return self.words.read_text()

    @property
    def stack(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.data / "stack.json").read_text())
        return told

    def servers(self) -> list[str]:
        """Name the servers that run on this folder."""
        return [each.name for each in leftovers(self.data)]

    def end(self) -> None:
        """Leave nothing running, whatever a test broke."""
        if pid := course(self.data).pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in self.running:
            process.kill()
            process.wait()
        wait_until(lambda: not self.servers())


def wait_until(look: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.02)


@contextmanager
def place() -> Iterator[Place]:
    """Make a folder that the database's own user can pass through, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    folder.chmod(0o711)
    made = Place(folder / "data", free_ports())
    try:
        yield made
    finally:
        made.end()
        wait_until(lambda: removed(folder))  # what initdb started writes for a moment after it


def removed(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
