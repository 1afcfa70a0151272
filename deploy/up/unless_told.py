"""Work of asyncio that ends when we are told to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from deploy.up.told import Told

Result = TypeVar("Result")

LOOK_SECONDS = 0.05
AGAIN_SECONDS = 1.0


async def until_told(told: Told) -> int:
    """Return the exit code once we are told to stop."""
    while True:
        if told.code is not None:
            return told.code
        await asyncio.sleep(LOOK_SECONDS)


async def unless_told(work: Coroutine[Any, Any, Result], told: Told) -> Result:
    """Return what the work does; once told, cancel it until it has ended. Raises ToldToStop."""
    doing, telling = asyncio.create_task(work), asyncio.create_task(until_told(told))
    await asyncio.wait({doing, telling}, return_when=asyncio.FIRST_COMPLETED)
    while not doing.done():
        doing.cancel()
        await asyncio.wait({doing}, timeout=AGAIN_SECONDS)
    telling.cancel()
    if told.code is not None:
        await asyncio.gather(doing, return_exceptions=True)  # whatever it says of being cancelled
    told.check()
    return doing.result()
