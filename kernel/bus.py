"""The connection of a service to the bus."""

import asyncio
import logging

import nats
from nats.aio.client import Client

LOG = logging.getLogger(__name__)
RECONNECT_SECONDS = 1


async def connect(url: str, name: str) -> Client:
    """Return a connection that is tried again for ever once it was made.

    Answers come to the inbox of `name` alone: nobody else may listen there.
    """

    async def note(error: Exception) -> None:
        LOG.warning("bus", extra={"error": str(error) or type(error).__name__})

    return await nats.connect(
        url,
        name=name,
        inbox_prefix=inbox(name),
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_SECONDS,
        error_cb=note,
    )


def inbox(name: str) -> str:
    """Give the prefix of the subjects on which a service gets its answers."""
    return f"_INBOX_{name}"


def heed() -> None:
    """Stop if told to; a loop that asks the bus calls it each time around.

    The client of NATS, and wait_for of Python 3.11 beneath it, may swallow a cancellation.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
