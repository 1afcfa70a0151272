"""`python -m bench [name …]`: measure all, or some, of what the house promises of its speed."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from bench import (
    append,
    audit,
    connect,
    latency,
    rebuild,
    rehearsal,
    relay,
    supervise,
    timers,
    wall,
)


def _audit(_: datetime) -> None:
    audit.report(audit.measure())


FIGURES: dict[str, Callable[[datetime], None]] = {
    "audit": _audit,
    "append": lambda now: asyncio.run(append.measure(now)),
    "relay": lambda now: asyncio.run(relay.measure(now)),
    "supervise": lambda now: asyncio.run(supervise.measure(now)),
    "latency": lambda now: asyncio.run(latency.measure(now)),
    "timers": lambda now: asyncio.run(timers.measure(now)),
    "connect": lambda now: asyncio.run(connect.measure(now)),
    "rebuild": lambda now: asyncio.run(rebuild.measure(now)),
    "rehearsal": lambda now: asyncio.run(rehearsal.measure(now)),
    "wall": lambda now: asyncio.run(wall.measure(now)),
}


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(FIGURES)
    if unknown := [name for name in chosen if name not in FIGURES]:
        sys.exit(f"no such figure: {', '.join(unknown)}; there are {', '.join(FIGURES)}")
    for name in chosen:
        FIGURES[name](datetime.now(tz=UTC))
