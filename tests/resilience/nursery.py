"""Starts services in no time: a process that has loaded all of their code forks for each.

As a module it is that process: for each line it reads, a JSON object with `log` and `environment`,
it forks a service and answers with its process id.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.electronic_supervision.calendar_source import published_calendar
from tests.resilience import victim


@dataclass
class Nursery:
    """The process that forks."""

    popen: "subprocess.Popen[bytes]"

    @classmethod
    def opened(cls) -> "Nursery":
        command = [sys.executable, "-m", "tests.resilience.nursery"]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def bear(self, log: Path, environment: Mapping[str, str]) -> int:
        """Fork a service and return its process id."""
        assert self.popen.stdin is not None
        assert self.popen.stdout is not None
        order = {"log": str(log), "environment": dict(environment)}
        self.popen.stdin.write(json.dumps(order).encode() + b"\n")
        self.popen.stdin.flush()
        return int(self.popen.stdout.readline())

    def close(self) -> None:
        with self.popen:
            self.popen.kill()


def _live(log: str, environment: Mapping[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for own, standard in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(own, standard)
    os.environ.update(environment)
    victim.main()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they died
    published_calendar()  # loads what is loaded late
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(order["log"], order["environment"])
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
