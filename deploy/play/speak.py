"""Say a score on the bus: as fast as it is acknowledged, or in its own rhythm."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.provision.jetstream import connected
from kernel.bus import heed
from services.electronic_supervision.connect.telling import Telling

IN_FLIGHT = 200
ACK_SECONDS = 10.0
TRIES = 6
AGAIN_SECONDS = 1.0
LOST = (nats.errors.TimeoutError, nats.errors.NoRespondersError, nats.errors.ConnectionClosedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The user of a system on the bus; `speed` is how many times as fast as it happened, if so."""

    url: str
    user: str
    speed: float | None


async def say(voice: Voice, tellings: Iterable[Telling], told: Callable[[], None]) -> None:
    """Say all; `told` hears of each event once the bus has it on disk.

    Raises RefusedError (`nats-refused`, `nats-unreachable`) and errors of the bus.
    """
    client: Client = await connected(voice.url, voice.user)
    flying: set[asyncio.Task[None]] = set()
    rhythm = Rhythm(voice.speed)
    try:
        for each in tellings:
            heed()
            await rhythm.wait(each.at)
            flying.add(asyncio.create_task(_publish(client.jetstream(), each)))
            while len(flying) >= IN_FLIGHT or (voice.speed and flying):
                flying = await _landed(flying, told)
        while flying:
            flying = await _landed(flying, told)
    finally:
        for task in flying:
            task.cancel()
        await asyncio.gather(*flying, return_exceptions=True)
        await client.close()


class Rhythm:
    """Lets events pass as far apart as they happened, only faster; without a speed all at once."""

    def __init__(self, speed: float | None) -> None:
        self._speed = speed
        self._first: tuple[datetime, float] | None = None

    async def wait(self, at: datetime) -> None:
        """Return when it is the turn of what happened at an instant."""
        if self._speed is None:
            return
        ticks = asyncio.get_running_loop().time
        first, began = self._first = self._first or (at, ticks())
        await asyncio.sleep(max(0.0, began + (at - first).total_seconds() / self._speed - ticks()))


async def _landed(
    flying: "set[asyncio.Task[None]]", told: Callable[[], None]
) -> "set[asyncio.Task[None]]":
    """Wait until some are acknowledged, and return those that are not."""
    done, rest = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
        told()
    return rest


async def _publish(jetstream: JetStreamContext, telling: Telling) -> None:
    """Say one event until it is acknowledged: said twice, it counts once."""
    for left in reversed(range(TRIES)):
        try:
            await jetstream.publish(telling.subject, telling.body, timeout=ACK_SECONDS)
        except LOST:
            if not left:
                raise
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
