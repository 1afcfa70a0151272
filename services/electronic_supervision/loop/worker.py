"""A worker holds partitions of cases by lease, and steps through each as long as it holds it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import asyncpg

from kernel.bell import Bell
from kernel.bus import heed
from kernel.database import borrowed, is_transient
from kernel.lease import TTL, Lease, LeaseLostError, acquire, release
from kernel.store.store import StreamDisputedError
from services.electronic_supervision.doors.systems import settles
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.law import take_up
from services.electronic_supervision.loop.metrics import LoopMetrics
from services.electronic_supervision.loop.step import BATCH, Stepped, step
from services.electronic_supervision.loop.tables import wake_stale

LOG = logging.getLogger(__name__)

PARTITIONS = 4
PROLONG_SECONDS = TTL.total_seconds() / 4
LOOK_SECONDS = 1.0
AGAIN_SECONDS = 1.0
PAUSE_SECONDS = 0.02
"""How long few cases wait for others to share a transaction with."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """Judges cases; `holder` names this process, `share` is how many partitions it may hold."""

    pool: asyncpg.Pool
    bench: Bench
    holder: str
    marks: Bell
    judged: Bell
    said: Bell
    clock: Callable[[], datetime]
    metrics: LoopMetrics
    share: int = PARTITIONS
    held: dict[int, Lease] = field(default_factory=dict)

    async def run(self) -> None:
        """Judge for ever; what another worker holds is tried again until it lets go."""
        async with asyncio.TaskGroup() as group:
            for number in range(PARTITIONS):
                group.create_task(self._partition(number))

    async def _partition(self, number: int) -> None:
        while True:
            try:
                await self._hold(number)
            except StreamDisputedError:
                LOG.warning("nothing may be said yet", extra={"partition": number})
            except LeaseLostError:
                LOG.warning("lease lost", extra={"partition": number})
            except Exception as error:
                if not is_transient(error):
                    raise
                LOG.warning("database away", extra={"partition": number}, exc_info=error)
            heed()  # a lease that could not be given back hides that we were told to stop
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hold(self, number: int) -> None:
        """Work on a partition for as long as it is ours."""
        if len(self.held) >= self.share:
            return
        async with borrowed(self.pool) as connection:
            lease = await acquire(connection, f"loop-{number}", self.holder)
            if lease is None:
                return
            self.held[number] = lease
            prolong = asyncio.create_task(self._prolong(lease))
            try:
                version = self.bench.court.office.calendar.version
                await wake_stale(connection, number, version)
                await self._work(connection, number, lease, prolong)
            finally:
                prolong.cancel()
                del self.held[number]
                if not connection.is_closed():
                    await release(connection, lease)

    async def _prolong(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(PROLONG_SECONDS)
            async with borrowed(self.pool) as connection:
                if await acquire(connection, lease.name, self.holder) != lease:
                    raise LeaseLostError(lease.name)

    async def _work(
        self,
        connection: asyncpg.Connection,
        number: int,
        lease: Lease,
        prolong: "asyncio.Task[None]",
    ) -> None:
        bench, refresh_at = self.bench, 0.0
        with self.marks.ear() as ear:
            while not prolong.done():
                if (ticks := asyncio.get_running_loop().time()) >= refresh_at:
                    bench, refresh_at = await self._bench(connection), ticks + LOOK_SECONDS
                done = await step(connection, number, lease, bench, self.clock())
                if done == Stepped():
                    await ear.wait(LOOK_SECONDS)
                    continue
                self.metrics.note(done)
                self.judged.ring()
                if done.events:
                    self.said.ring()
                if done.cases < BATCH:
                    await asyncio.sleep(PAUSE_SECONDS)
        prolong.result()

    async def _bench(self, connection: asyncpg.Connection) -> Bench:
        """Bring the bench up to date with the law, and with the systems admitted since."""
        await take_up(connection, self.bench.court)
        settle = await settles(connection)
        return replace(self.bench, court=replace(self.bench.court, settle=settle))
