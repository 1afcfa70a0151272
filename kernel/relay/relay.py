"""A service's relay: what its record says was published comes to its stream, in order and once."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid5

import asyncpg
from nats.aio.client import Client

from contracts.streams import stream_of
from kernel.bell import LOST, Ear
from kernel.bus import heed
from kernel.database import borrowed
from kernel.lease import Lease, LeaseLostError, acquire, release
from kernel.readiness import Problem
from kernel.relay.halt import AHEAD, HaltedError, behind, refused, starting, unreachable
from kernel.relay.jetstream import BusUnreachableError, RefusedError
from kernel.relay.metrics import RelayMetrics
from kernel.relay.outbox import dispute, unsent_for
from kernel.relay.shift import Shift
from kernel.tenancy import Tenancy

LOG = logging.getLogger(__name__)
NAMESPACE = UUID("4b3a8f0e-4b67-5d0f-9a9b-0d6a5f0f6c1e")

LEASE = "relay"
WAIT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
PAUSES = (0.0, 0.1, 0.5, 1.0)
"""How long to wait, in seconds, after so many failures in a row."""
BEHIND = timedelta(seconds=30)


class Relay:
    """Sends the publications of one service; of many relays, one works and the others stand by.

    `holder` names this process, and no other ever again. `ear` hears of new publications. The
    connection to the bus must be that of the service, and the stream must be provisioned.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        bus: Client,
        tenancy: Tenancy,
        *,
        holder: str,
        ear: Ear,
        metrics: RelayMetrics,
    ) -> None:
        self._pool = pool
        self._bus = bus
        self._tenancy = tenancy
        self._holder = holder
        self._ear = ear
        self._metrics = metrics
        self._batch_ids = (str(uuid5(NAMESPACE, f"{holder}/{number}")) for number in count(1))
        self._trouble: Problem | None = starting(stream_of(tenancy.context))
        self._failures = 0
        self._told: set[str] = set()

    async def run(self) -> None:
        """Work or stand by until cancelled, whatever becomes of the bus and the database."""
        while True:
            heed()
            try:
                await self._take_turn()
            except HaltedError as halted:
                self._trouble = halted.problem
                self._reconciled(halted.problem.code, logging.ERROR)
                if halted.problem.code == AHEAD:
                    with suppress(*LOST):
                        async with borrowed(self._pool) as connection:
                            await dispute(connection)
                await asyncio.sleep(WAIT_SECONDS)
            except BusUnreachableError as error:
                self._trouble = unreachable()
                await self._pause(error)
            except RefusedError as error:
                if self._failures >= len(PAUSES):  # once is a fence at work
                    self._trouble = refused(stream_of(self._tenancy.context), error.code)
                await self._pause(error)
            except (LeaseLostError, *LOST) as error:
                await self._pause(error)

    async def problems(self) -> Sequence[Problem]:
        """Tell what keeps publications from the stream; a relay that stands by knows less."""
        found = [self._trouble] if self._trouble else []
        if not self._bus.is_connected:
            found = [unreachable()]
        with suppress(*LOST):  # somebody else tells of a lost database
            async with asyncio.timeout(ANSWER_SECONDS), borrowed(self._pool) as connection:
                if unsent := await unsent_for(connection, BEHIND):
                    found.append(behind(unsent, BEHIND.total_seconds()))
        return found

    async def _take_turn(self) -> None:
        async with asyncio.timeout(ANSWER_SECONDS), borrowed(self._pool) as connection:
            lease = await acquire(connection, LEASE, self._holder)
        if lease is None:
            self._trouble, self._failures = None, 0
            # else what it last knew, perhaps a backlog, would be told for ever
            self._metrics.lag.remove(self._tenancy.name)
            self._tell("standing-by", logging.INFO)
            await asyncio.sleep(WAIT_SECONDS)
            return
        try:
            await self._work(lease)
        finally:
            await self._give_back(lease)

    async def _work(self, lease: Lease) -> None:
        shift = Shift(
            self._pool,
            self._bus,
            self._tenancy,
            lease=lease,
            batch_ids=self._batch_ids,
            metrics=self._metrics,
        )
        outcome = await shift.begin()
        self._reconciled(outcome, logging.WARNING if outcome == "disowned" else logging.INFO)
        while True:
            sent = await shift.step()
            heed()
            self._trouble, self._failures = None, 0
            self._told.clear()
            if not sent:
                await self._ear.wait(WAIT_SECONDS)

    async def _give_back(self, lease: Lease) -> None:
        with suppress(*LOST):  # then it expires
            async with asyncio.timeout(ANSWER_SECONDS), borrowed(self._pool) as connection:
                await release(connection, lease)

    async def _pause(self, error: Exception) -> None:
        # what the database says may repeat a row
        why = f" {error}" if isinstance(error, RefusedError | BusUnreachableError) else ""
        self._tell(f"{type(error).__name__}{why}", logging.WARNING)
        seconds = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        await asyncio.sleep(seconds)

    def _reconciled(self, outcome: str, level: int) -> None:
        self._metrics.reconciled.labels(self._tenancy.name, outcome).inc()
        self._tell(outcome, level)

    def _tell(self, outcome: str, level: int) -> None:
        """Log an outcome once, until the work has gone on."""
        if outcome not in self._told:
            LOG.log(level, "relay", extra={"service": self._tenancy.name, "outcome": outcome})
        self._told.add(outcome)
