"""Wait for what a database tells, without asking so often that the measurement suffers."""

import asyncio
from collections.abc import Awaitable, Callable

DEADLINE_SECONDS = 120
EVERY_SECONDS = 0.05


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Return once it is so. Raises TimeoutError after DEADLINE_SECONDS."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            if await is_so():
                return
            await asyncio.sleep(EVERY_SECONDS)
