"""The voice of one city system on the bus: what it says is told again until it is acknowledged."""

import asyncio
import logging
from collections.abc import Sequence
from hashlib import blake2b

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from deploy.demo.said import Said
from kernel.bus import connect, heed

LOG = logging.getLogger(__name__)

WINDOW = 250
"""Messages on their way at a time."""
ANSWER_SECONDS = 5.0
AGAIN_SECONDS = 1.0
LOST = (OSError, NatsError, JetStreamError)


class Voice:
    """A connection that is made when it is needed, and made anew when it is lost."""

    def __init__(self, url: str, user: str) -> None:
        self._url = url
        self._user = user
        self._client: Client | None = None

    async def say(self, said: Sequence[Said]) -> None:
        """Publish in this order, and return once all is acknowledged, however long that takes."""
        for begin in range(0, len(said), WINDOW):
            left = said[begin : begin + WINDOW]
            while left := await self._unheard(left):
                heed()
                await asyncio.sleep(AGAIN_SECONDS)
            heed()

    async def close(self) -> None:
        """Leave the bus."""
        if self._client is not None:
            await self._client.close()

    async def _unheard(self, said: Sequence[Said]) -> Sequence[Said]:
        """Publish, and return what was not acknowledged."""
        try:
            client = await self._connected()
        except LOST as error:
            LOG.warning("bus away", extra={"user": self._user, "error": repr(error)})
            return said
        answers = await asyncio.gather(*(_publish(client, each) for each in said))
        lost = [error for error in answers if error is not None]
        if lost:
            LOG.warning("not heard", extra={"user": self._user, "error": repr(lost[0])})
        return [each for each, error in zip(said, answers, strict=True) if error is not None]

    async def _connected(self) -> Client:
        if self._client is None or self._client.is_closed:
            self._client = await connect(self._url, self._user)
        return self._client


async def _publish(client: Client, said: Said) -> Exception | None:
    """Publish one event, and return why it may not have been heard."""
    # the same message is told once, the same event twice if its system means to
    name = blake2b(said.body + said.told_at.isoformat().encode(), digest_size=16).hexdigest()
    bus = client.jetstream(timeout=ANSWER_SECONDS)
    try:
        await bus.publish(said.subject, said.body, headers={"Nats-Msg-Id": name})
    except LOST as error:
        return error
    return None
