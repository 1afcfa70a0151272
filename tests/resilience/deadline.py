"""Wait for what must come true, and say which promise is broken if it does not."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg


async def comes_true(
    promise: str, look: Callable[[], Awaitable[object]], seconds: float = 30
) -> None:
    """Look again and again until the answer is nothing (empty, none, 0), which is what is missing.

    What cannot be asked, since a server is away, is not yet true.
    """
    missing: object = "never answered"
    try:
        async with asyncio.timeout(seconds):
            while True:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    missing = await look()
                if not missing:
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"{promise}: after {seconds} s still {missing}") from None
