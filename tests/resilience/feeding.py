"""City systems that tell what they have to tell until each of it was acknowledged, as they must."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import httpx
import nats
import nats.errors
import nats.js.errors

from kernel.bus import PING_SECONDS, addresses
from tests.electronic_supervision.live.said import APPROVALS, Said, raw, subject
from tests.resilience.town import Town
from tests.system.stack import REPORTER

SINGLE = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
AGAIN_SECONDS = 0.1
PATIENCE_SECONDS = 120


async def _ignore(_: Exception) -> None:
    """Nothing to say: what was not acknowledged is told again."""


async def by_bus(town: Town, told: Sequence[Said], *, pause: float = 0.0) -> None:
    """Publish each until the bus acknowledges it."""
    where = addresses(town.stack.system_url)
    client = await nats.connect(
        where.servers,
        user=where.user,
        password=where.password,
        inbox_prefix=f"_INBOX_city-{APPROVALS.name}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=AGAIN_SECONDS,
        ping_interval=PING_SECONDS,
        error_cb=_ignore,
    )
    stream = client.jetstream(timeout=1)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            for each in told:
                await _insist(partial(_acknowledged, stream, each))
                await asyncio.sleep(pause)
    finally:
        await client.close()


async def _insist(tell: Callable[[], Awaitable[bool]]) -> None:
    while True:
        if await tell():
            return
        await asyncio.sleep(AGAIN_SECONDS)


async def _acknowledged(stream: nats.js.JetStreamContext, each: Said) -> bool:
    try:
        await stream.publish(subject(each), raw(each))
    except (OSError, nats.errors.Error, nats.js.errors.Error):
        return False
    return True


async def by_http(town: Town, told: Sequence[Said], *, pause: float = 0.0) -> None:
    """Post each until it is answered that it is committed."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        for each in told:
            await _insist(partial(posted, town, each))
            await asyncio.sleep(pause)


async def posted(town: Town, *told: Said) -> bool:
    """Post events once, and tell whether all were acknowledged."""
    is_one = len(told) == 1
    body = raw(told[0]) if is_one else json.dumps(told, ensure_ascii=False).encode()
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.post(
                f"http://127.0.0.1:{town.door}/events",
                content=body,
                headers={"Authorization": f"Bearer {REPORTER}"} | (SINGLE if is_one else BATCH),
            )
    except httpx.HTTPError:
        return False
    if answer.status_code >= 500:
        return False
    assert answer.status_code in {200, 202}, f"promise 7: a good event was refused: {answer.text}"
    return True
