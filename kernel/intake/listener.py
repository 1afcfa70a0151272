"""A connection to the bus that no sender can break by how it dresses a message."""

from typing import Any

import nats.errors
from faststream.nats import NatsBroker
from nats.aio.client import Client

ACKNOWLEDGE = b"$JS.ACK."
LONGEST_WAIT_SECONDS = 5


class Listener(Client):
    """Takes the messages of a stream without their headers, and any bytes for a subject.

    The client stops reading for good at a subject that is not UTF-8 or a header block cut short,
    and takes a message with the header `Status` for word of the server and loses it: one sender
    could so silence all others. The messages of a stream, unlike the server's, ask for an
    acknowledgement.
    """

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        if reply.startswith(ACKNOWLEDGE):
            subject, headers = subject.decode(errors="replace").encode(), b""
        await super()._process_msg(sid, subject, reply, data, headers)


class ListeningBroker(NatsBroker):
    """A broker of FastStream that hears by such a connection."""

    async def _connect(self) -> Client:
        connection = Listener()
        options: dict[str, Any] = self._connection_kwargs
        await connection.connect(**options)
        self.config.connect(connection)
        return connection

    async def give_up(self) -> None:
        """Stop, whatever the connection says to it."""
        try:
            await self.stop()
        except (OSError, nats.errors.Error):
            # it was gone already
            self.config.disconnect()
