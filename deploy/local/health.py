"""What a running stack says of its own health, asked over HTTP."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 5.0
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a stack answers and can do its work; `problems` are what is in the way, by code."""

    answers: bool
    problems: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is in the way."""
        return self.answers and not self.problems


def health(console: str) -> Health:
    """Ask a stack whether it is ready."""
    status, body = _get(console, "/readyz")
    if status == http.client.OK:
        return Health(answers=True, problems={})
    try:
        problems = {each["code"]: each["message"] for each in json.loads(body)["problems"]}
    except (ValueError, KeyError, TypeError):
        return Health(answers=False, problems={})
    return Health(answers=True, problems=problems)


def await_ready(console: str, seconds: float, go_on: Callable[[], bool] = lambda: True) -> Health:
    """Wait until a stack is ready, so many seconds at most, or until `go_on` says no."""
    deadline = time.monotonic() + seconds
    while True:
        found = health(console)
        if found.is_ready or time.monotonic() > deadline or not go_on():
            return found
        time.sleep(PAUSE_SECONDS)


def figures(console: str) -> dict[str, float]:
    """Return the metrics of a stack, summed over their labels; nothing if it does not answer."""
    status, body = _get(console, "/metrics")
    found: dict[str, float] = {}
    for line in body.decode(errors="replace").splitlines() if status == http.client.OK else ():
        if line.startswith("#"):
            continue
        name, _, value = line.rpartition(" ")
        name = name.partition("{")[0]
        found[name] = found.get(name, 0.0) + float(value)
    return found


def _get(console: str, path: str) -> tuple[int, bytes]:
    parts = urlsplit(console)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
