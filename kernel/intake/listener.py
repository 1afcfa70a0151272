"""A connection to the bus that no sender can break by how it dresses a message."""

import asyncio
from contextlib import suppress
from typing import Any

import nats.errors
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

ACKNOWLEDGE = b"$JS.ACK."
PAUSE_SECONDS = 0.1
STOP_SECONDS = 10
SHORTEST_SECONDS = 0.001


class Listener(Client):
    """Takes the messages of a stream without their headers, and any bytes for a subject.

    The client stops reading for good at a subject that is not UTF-8 or a header block cut short,
    and takes a message with the header `Status` for word of the server and loses it: one sender
    could so silence all others. The messages of a stream, unlike the server's, ask for an
    acknowledgement.
    """

    def jetstream(self, **options: Any) -> JetStreamContext:
        """Return what pulls messages without losing any."""
        return Streams(self, **options)

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        if reply.startswith(ACKNOWLEDGE):
            subject, headers = subject.decode(errors="replace").encode(), b""
        await super()._process_msg(sid, subject, reply, data, headers)

    async def publish(
        self,
        subject: str,
        payload: bytes = b"",
        reply: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Send now or never. Raises ConnectionClosedError.

        What was asked for while the bus was away is stale once it is back. The pause is for
        FastStream, which asks a lost connection for messages again and again without a break:
        nothing else in the process would run.
        """
        if not self.is_connected:
            await asyncio.sleep(PAUSE_SECONDS)
            raise nats.errors.ConnectionClosedError
        await super().publish(subject, payload, reply, headers)


class Pull(JetStreamContext.PullSubscription):
    """Says in FastStream's words that no more came in time.

    Where time runs out between two of its requests, the client raises asyncio's error, and asked
    for less than it can count it sends a request that the server refuses. FastStream knows neither,
    and lost what it had gathered: it came again only after the whole time for acknowledgement.
    """

    async def fetch(self, *args: Any, **options: Any) -> list[Msg]:
        """Return what came. Raises nats.errors.TimeoutError if nothing did in time."""
        if (seconds := options.get("timeout")) is not None and seconds < SHORTEST_SECONDS:
            raise nats.errors.TimeoutError
        try:
            return await super().fetch(*args, **options)
        except TimeoutError as error:
            raise nats.errors.TimeoutError from error


class Streams(JetStreamContext):
    """Pulls with such patience."""

    async def pull_subscribe(self, *args: Any, **options: Any) -> JetStreamContext.PullSubscription:
        """Bind to a durable consumer."""
        bound = await super().pull_subscribe(*args, **options)
        bound.__class__ = Pull
        return bound


class ListeningBroker(NatsBroker):
    """A broker of FastStream that hears by such a connection."""

    listener: Listener | None = None

    async def _connect(self) -> Client:
        self.listener = Listener()
        options: dict[str, Any] = self._connection_kwargs
        await self.listener.connect(**options)
        self.config.connect(self.listener)
        return self.listener

    async def is_asking(self, stream: str, consumer: str) -> bool:
        """Tell whether the connection lasts, perhaps while the bus is away.

        Raises NotFoundError for a consumer that is gone: FastStream would ask it on and on.
        """
        state = self.config.connection_state
        with suppress(TimeoutError, nats.errors.ConnectionClosedError):
            await state.stream.consumer_info(stream, consumer)
        return not state.connection.is_closed

    async def give_up(self) -> None:
        """Stop, whatever state the connection is in."""
        try:
            with suppress(OSError, TimeoutError, nats.errors.Error):
                async with asyncio.timeout(STOP_SECONDS):
                    await self.stop()
        finally:
            if self.listener is not None:
                await self.listener.close()
