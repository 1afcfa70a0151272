"""Electronic supervision as it runs in production, but for how it dies and what its clock says."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any
from unittest.mock import patch

import asyncpg

from kernel.web.logs import configure
from services.electronic_supervision import __main__ as entry
from services.electronic_supervision.main import run
from services.electronic_supervision.settings import from_environment

DIES_AT = "VICTIM_DIES_AT"
"""Where it kills itself, from its first transaction on: at so many points, or at a certain one.

Every statement has two, such as `before COMMIT` (not yet sent) and `after COMMIT` (answered). A
BEGIN also tells what its connection asked last: `before BEGIN; behind select 1`.
"""

FREEZES_AT = "VICTIM_FREEZES_AT"
"""Where it stops once, as if its machine had, until it is woken."""

JUMPS = "VICTIM_CLOCK_JUMPS"
"""By how many seconds at most its clock is wrong, now this way and now that."""


class Mortal(asyncpg.Connection):
    """A connection whose process dies at a certain point of what it says to the database."""

    points: "count[int] | None" = None
    dies_at = freezes_at = ""
    asked_last = ""

    async def _mortal(self, what: str, query: str, args: Any, options: Any) -> Any:
        if query.startswith("BEGIN") and Mortal.points is None:
            Mortal.points = count(1)
        self._pass("before", query)
        answer = await getattr(super(), what)(query, *args, **options)
        self._pass("after", query)
        self.asked_last = query
        return answer

    def _pass(self, side: str, query: str) -> None:
        if Mortal.points is None:
            return
        behind = f" behind {self.asked_last}" if query.startswith("BEGIN") else ""
        point = f"{side} {' '.join((query + behind).split())}"
        number = str(next(Mortal.points))
        if Mortal.dies_at and (number == Mortal.dies_at or point.startswith(Mortal.dies_at)):
            os.write(2, f"dies {point}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)
        if Mortal.freezes_at and point.startswith(Mortal.freezes_at):
            Mortal.freezes_at = ""
            os.kill(os.getpid(), signal.SIGSTOP)

    async def execute(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("execute", query, args, options)

    async def executemany(self, command: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("executemany", command, args, options)

    async def fetch(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("fetch", query, args, options)

    async def fetchval(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("fetchval", query, args, options)

    async def fetchrow(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._mortal("fetchrow", query, args, options)


def jumping(seconds: float) -> Callable[[], datetime]:
    """Return a clock that no two times tells the same story."""
    chance = Random(os.getpid())

    def clock() -> datetime:
        return entry.now() + timedelta(seconds=chance.choice([-seconds, 0, seconds]))

    return clock


async def with_jumping_clock(seconds: float) -> None:
    await run(
        from_environment(os.environ),
        clock=jumping(seconds),
        holder=f"jumping-{os.getpid()}-{os.urandom(8).hex()}",
        ready=entry.listening,
    )


def main() -> None:
    """Run the service by its environment until it is killed."""
    configure(sys.stdout)
    Mortal.dies_at = os.environ.get(DIES_AT, "")
    Mortal.freezes_at = os.environ.get(FREEZES_AT, "")
    if Mortal.dies_at or Mortal.freezes_at:
        mortal = partial(asyncpg.create_pool, connection_class=Mortal)
        with patch("asyncpg.create_pool", mortal):
            asyncio.run(entry.main())
    elif JUMPS in os.environ:
        asyncio.run(with_jumping_clock(float(os.environ[JUMPS])))
    else:
        asyncio.run(entry.main())
