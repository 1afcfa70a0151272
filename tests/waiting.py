"""Wait for what has to become true, and fail if it does not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE_SECONDS = 20


async def until(look: Callable[[], Awaitable[Found | None]]) -> Found:
    """Look again and again, and return the first answer that is not None, empty or false."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.02)
