"""One turn at the relay's work: from a look at the stream until something is amiss."""

import asyncio
from collections.abc import Iterator, Sequence

import asyncpg
from nats.aio.client import Client

from contracts.streams import stream_of
from kernel.database import borrowed
from kernel.lease import Lease, LeaseLostError, acquire
from kernel.relay.epoch import Epoch
from kernel.relay.halt import HaltedError, lost, misnamed, missing, too_large
from kernel.relay.identity import identity_in, identity_of
from kernel.relay.jetstream import RefusedError, StreamMissingError
from kernel.relay.metrics import RelayMetrics
from kernel.relay.outbox import Batch, MissingPublicationError, Place, after, note
from kernel.relay.reconcile import reconcile
from kernel.relay.sending import WRONG_LAST_SEQUENCE, Message, TooLargeError, send
from kernel.relay.stream import last_sequence, look
from kernel.tenancy import Tenancy

PROLONG_SECONDS = 1.0
LOOK_SECONDS = 1.0
STEP_SECONDS = 30.0


class Shift:
    """Sends what is next, as long as it holds the lease and the stream is as it left it.

    Whatever it raises ends it, and the next one compares stream and record anew: HaltedError (an
    operator must act), RefusedError (the stream is not as we knew it, nothing was sent),
    BusUnreachableError (something may have been sent), LeaseLostError, and what a lost database
    raises (kernel.bell.LOST).
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        bus: Client,
        tenancy: Tenancy,
        *,
        lease: Lease,
        batch_ids: Iterator[str],
        metrics: RelayMetrics,
    ) -> None:
        self._pool = pool
        self._bus = bus
        self._tenancy = tenancy
        self._stream = stream_of(tenancy.context)
        self._lease = lease
        self._batch_ids = batch_ids
        self._metrics = metrics
        self._prolonged_at = self._looked_at = asyncio.get_running_loop().time()
        self._place = Place(sequence=0, stream_sequence=0)
        self._epochs: Sequence[Epoch] = ()

    async def begin(self) -> str:
        """Find out where to go on, and return what was found: an outcome of `reconcile`."""
        try:
            stream = await look(self._bus, self._stream)
            async with asyncio.timeout(STEP_SECONDS), borrowed(self._pool) as connection:
                agreed = await reconcile(connection, self._tenancy, self._stream, stream)
                await note(connection, self._lease, agreed.place)
        except StreamMissingError as error:
            raise HaltedError(missing(self._stream)) from error
        self._place, self._epochs = agreed.place, agreed.epochs
        return agreed.outcome

    async def step(self) -> int:
        """Send one batch, and return how many publications that were."""
        try:
            async with asyncio.timeout(STEP_SECONDS), borrowed(self._pool) as connection:
                await self._prolong(connection)
                batch = await after(connection, self._place.sequence)
                if not batch.said:
                    await self._look()
                    return self._sent(0, batch)
                place = await self._send(batch)
                await note(connection, self._lease, place)
        except StreamMissingError as error:
            raise HaltedError(missing(self._stream)) from error
        except MissingPublicationError as error:
            raise HaltedError(lost(error.sequence)) from error
        count, self._place = place.sequence - self._place.sequence, place
        return self._sent(count, batch)

    async def _prolong(self, connection: asyncpg.Connection) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._prolonged_at < PROLONG_SECONDS:
            return
        if await acquire(connection, self._lease.name, self._lease.holder) != self._lease:
            raise LeaseLostError(self._lease.name)
        self._prolonged_at = now

    async def _look(self) -> None:
        """Notice now and then, while there is nothing to send, that the stream was lost."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < LOOK_SECONDS:
            return
        if await last_sequence(self._bus, self._stream) != self._place.stream_sequence:
            raise RefusedError(WRONG_LAST_SEQUENCE)  # as it would, had we something to send
        self._looked_at = now

    async def _send(self, batch: Batch) -> Place:
        place = self._place
        messages = self._named(batch)
        try:
            last = await send(
                self._bus,
                self._stream,
                messages,
                expected=place.stream_sequence,
                batch_id=next(self._batch_ids),
            )
        except TooLargeError as error:
            raise HaltedError(too_large(place.sequence + 1, self._bus.max_payload)) from error
        sent = last - place.stream_sequence
        return Place(sequence=place.sequence + sent, stream_sequence=last)

    def _named(self, batch: Batch) -> list[Message]:
        """Make messages of what could be recognised in the stream later on."""
        messages = []
        for sequence, (subject, body) in enumerate(batch.said, self._place.sequence + 1):
            name = identity_in(self._tenancy, self._epochs, sequence)
            if identity_of(body) != name:
                break
            id_ = f"{name.source}:{name.sequence}"
            messages.append(Message(id=id_, subject=subject, body=body))
        if not messages:
            raise HaltedError(misnamed(self._place.sequence + 1))
        return messages

    def _sent(self, count: int, batch: Batch) -> int:
        service = self._tenancy.name
        self._metrics.published.labels(service).inc(count)
        self._metrics.lag.labels(service).set(batch.unsent - count)
        return count
