"""Partners as they are on a real bus: whose keys they hold, and what they try there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
from nats.aio.client import Client

from deploy.local.nats import Nats
from deploy.partner.keys import Keys
from deploy.provision.partner_users import inbox_of


@asynccontextmanager
async def connection(url: str, name: str, keys: Keys) -> AsyncIterator[Client]:
    """Connect as a partner does, with nothing but its seed."""

    async def ignore(_: Exception) -> None:
        """A refusal is told to whoever asked."""

    client = await nats.connect(
        url,
        nkeys_seed_str=keys.seed,
        inbox_prefix=inbox_of(name),
        allow_reconnect=False,
        max_reconnect_attempts=1,
        error_cb=ignore,
    )
    try:
        yield client
    finally:
        await client.close()


def address(bus: Nats) -> str:
    return f"nats://127.0.0.1:{bus.port}"


async def refused(url: str, keys: Keys, *, say: str = "", hear: str = "") -> bool:
    """Tell whether the bus refuses to let a partner speak or listen on a subject."""
    told: asyncio.Queue[str] = asyncio.Queue()

    async def note(error: Exception) -> None:
        await told.put(str(error).lower())

    client = await nats.connect(url, nkeys_seed_str=keys.seed, error_cb=note)
    if say:
        await client.publish(say, b"{}")
    if hear:
        await client.subscribe(hear)
    await client.publish("nobody.may", b"{}")  # the server answers in order: this comes last
    async with asyncio.timeout(10):
        first = await told.get()
    await client.close()
    assert "permissions violation" in first
    return "nobody.may" not in first
