"""Hear one stream: batches from JetStream to a service, acknowledged once they are committed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import nats.errors
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.nats import JStream, NatsUserPassword, PullSub
from nats.aio.msg import Msg
from nats.js.errors import Error as JetStreamError

from contracts.streams import subjects_of
from kernel.bus import PING_SECONDS, RECONNECT_SECONDS, addresses, heed, inbox
from kernel.database import is_transient
from kernel.intake.heard import Message
from kernel.intake.listener import ListeningBroker

LOG = logging.getLogger(__name__)

BATCH = 500
GATHER_SECONDS = 0.02
"""How long a batch is gathered: what an event waits at most while there are few."""
AGAIN_SECONDS = 1.0
FINISH_SECONDS = 5.0
"""How long a batch in hand is waited for at the end, before it is given up."""

LOST = (OSError, nats.errors.Error, JetStreamError)

Take = Callable[[Sequence[Message]], Awaitable[Sequence[Message]]]
"""Commits what follows from messages, and returns those to be brought again later."""

SetAside = Callable[[Message], Awaitable[None]]
"""Puts a message that nothing can be done with where people find it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The durable consumer of service `name` on a whole stream, made by provisioning.

    `url` is as kernel.bus.addresses takes it.
    """

    url: str
    name: str
    stream: str
    take: Take
    set_aside: SetAside

    async def run(self) -> None:
        """Hear for ever; wait for the bus, or for its consumer, while it is away."""
        while True:
            broker = self._broker()
            try:
                await broker.start()
                while True:
                    heed()
                    await asyncio.sleep(AGAIN_SECONDS)
                    if not await broker.is_asking(self.stream, self.name):
                        break
            except LOST as error:
                LOG.warning("bus away", extra={"stream": self.stream, "error": repr(error)})
            finally:
                await broker.give_up()
            heed()
            await asyncio.sleep(AGAIN_SECONDS)

    def _broker(self) -> ListeningBroker:
        where = addresses(self.url)
        broker = ListeningBroker(
            where.servers,
            security=NatsUserPassword(where.user, where.password),
            name=self.name,
            inbox_prefix=inbox(self.name),
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,
            ping_interval=PING_SECONDS,
            graceful_timeout=FINISH_SECONDS,
            apply_types=False,
            logger=None,
        )
        subscribe = broker.subscriber(
            subjects_of(self.stream),
            # declare=False: else FastStream would reset what provisioning has set
            stream=JStream(self.stream, declare=False),
            durable=self.name,
            # the broker's does not reach its subscribers, and elsewhere we may not listen
            inbox_prefix=f"{inbox(self.name)}.".encode(),
            pull_sub=PullSub(batch_size=BATCH, timeout=GATHER_SECONDS, batch=True),
            ack_policy=AckPolicy.MANUAL,
            decoder=_as_they_are,
        )
        subscribe(self._hear)
        return broker

    async def _hear(self, batch: list[Msg]) -> None:
        try:
            later = await self.take([*map(self._message, batch)])
        except Exception as error:
            LOG.warning("batch failed", extra={"stream": self.stream}, exc_info=error)
            if is_transient(error):
                await _answer(batch, batch)
            else:
                await self._one_by_one(batch)
        else:
            await self._settle(batch, later)

    async def _one_by_one(self, batch: Sequence[Msg]) -> None:
        """Find the message that spoils the batch, so that the others get through."""
        for one in batch:
            try:
                later = await self.take([self._message(one)])
            except Exception as error:
                LOG.warning("message failed", extra={"stream": self.stream}, exc_info=error)
                is_over = not is_transient(error) and await self._is_set_aside(one)
                await _answer([one], [] if is_over else [one])
            else:
                await self._settle([one], later)

    async def _is_set_aside(self, one: Msg) -> bool:
        try:
            await self.set_aside(self._message(one))
        except Exception as error:
            LOG.exception("not set aside", extra={"stream": self.stream}, exc_info=error)
            return False
        return True

    async def _settle(self, batch: Sequence[Msg], later: Sequence[Message]) -> None:
        numbers = {message.number for message in later}
        await _answer(batch, [one for one in batch if one.metadata.sequence.stream in numbers])

    def _message(self, one: Msg) -> Message:
        return Message(
            stream=self.stream,
            subject=one.subject,
            data=one.data,
            number=one.metadata.sequence.stream,
            sent_at=one.metadata.timestamp,
        )


async def _as_they_are(batch: StreamMessage[list[Msg]]) -> list[Msg]:
    """Decode nothing: one bad message would spoil the whole batch."""
    return batch.raw_message


async def _answer(batch: Sequence[Msg], again: Sequence[Msg]) -> None:
    """Acknowledge all but those to be brought again; if the bus is away, all of them will be."""
    with suppress(*LOST):
        for one in batch:
            if one in again:
                await one.nak(delay=AGAIN_SECONDS)
            else:
                await one.ack()
