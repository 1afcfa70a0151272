"""Whether somebody who follows a stream still may: he signs out, is signed out, loses his role."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from kernel.access.principal import Caller
from kernel.web.access import Visit
from kernel.web.feed import Said

ASK_SECONDS = 1.0
"""How long an answer is taken for true."""

Wanting = Callable[[Caller, Sequence[Said]], Awaitable[Sequence[Said]]]
"""Leaves of some publications those that somebody wants, and may know of as he is now."""


class Stay:
    """One stream and who follows it."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._caller: Caller | None = None
        self._asked_at = -ASK_SECONDS
        self._ticks = asyncio.get_running_loop().time

    async def caller(self) -> Caller | None:
        """Return who follows, as of a second ago at most, None once he may not any more."""
        if self._ticks() - self._asked_at >= ASK_SECONDS:
            self._caller = await self._visit.caller()
            self._asked_at = self._ticks()
        return self._caller

    async def of(self, wanting: Wanting, said: Sequence[Said]) -> Sequence[Said]:
        """Leave of some publications what he wants; nothing once he may not any more."""
        caller = await self.caller()
        return () if caller is None else await wanting(caller, said)
