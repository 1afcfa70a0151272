"""The connection of a service to the bus."""

import asyncio
import logging
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nats
from nats.aio.client import Client

LOG = logging.getLogger(__name__)
RECONNECT_SECONDS = 1
PING_SECONDS = 3
"""How often a server is asked if it lives; after two questions without an answer comes the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The servers of one bus, without a word of who connects, and who does."""

    servers: list[str]
    user: str
    password: str = field(repr=False)


def addresses(url: str) -> Addresses:
    """Return the servers of `nats://user:password@one,two,three`, or of such URLs with commas.

    The user is that of the first: servers tell their clients of others by address alone, and a
    user in a URL would not be let in there.
    """
    parts = [urlsplit(each if "://" in each else f"nats://{each}") for each in url.split(",")]
    return Addresses(
        servers=[f"{each.scheme}://{each.netloc.rpartition('@')[2]}" for each in parts],
        user=parts[0].username or "",
        password=parts[0].password or "",
    )


async def connect(url: str, name: str) -> Client:
    """Return a connection that is tried again for ever once it was made.

    `url` is as `addresses` takes it. Answers come to the inbox of `name` alone: nobody else may
    listen there.
    """
    where = addresses(url)

    async def note(error: Exception) -> None:
        LOG.warning("bus", extra={"error": str(error) or type(error).__name__})

    return await nats.connect(
        where.servers,
        user=where.user,
        password=where.password,
        name=name,
        inbox_prefix=inbox(name),
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_SECONDS,
        ping_interval=PING_SECONDS,
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
