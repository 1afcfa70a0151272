"""One worker of all processes follows the record for patterns, as long as it holds the lease."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from kernel.bell import Bell
from kernel.bus import heed
from kernel.database import borrowed, is_transient
from kernel.lease import TTL, Lease, LeaseLostError, acquire, release
from kernel.store.store import StreamDisputedError
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.law import take_up
from services.electronic_supervision.patterns.step import BATCH, step

LOG = logging.getLogger(__name__)

LEASE = "patterns"
PROLONG_SECONDS = TTL.total_seconds() / 4
LOOK_SECONDS = 1.0
AGAIN_SECONDS = 1.0
OUR_FAULT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Tells patterns; `holder` names this process."""

    pool: asyncpg.Pool
    bench: Bench
    holder: str
    said: Bell
    clock: Callable[[], datetime]

    async def run(self) -> None:
        """Follow the record for ever; while another process holds the lease, try again."""
        while True:
            try:
                await self._hold()
            except StreamDisputedError:
                LOG.warning("nothing may be said yet", extra={"lease": LEASE})
            except LeaseLostError:
                LOG.warning("lease lost", extra={"lease": LEASE})
            except Exception as error:
                if is_transient(error):
                    LOG.warning("database away", extra={"lease": LEASE}, exc_info=error)
                else:  # cases must go on being judged in this process
                    LOG.exception("patterns not told", extra={"lease": LEASE}, exc_info=error)
                    await asyncio.sleep(OUR_FAULT_SECONDS)
            heed()  # a lease that could not be given back hides that we were told to stop
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hold(self) -> None:
        async with borrowed(self.pool) as connection:
            lease = await acquire(connection, LEASE, self.holder)
            if lease is None:
                return
            prolong = asyncio.create_task(self._prolong(lease))
            try:
                await self._work(connection, lease, prolong)
            finally:
                prolong.cancel()
                if not connection.is_closed():
                    await release(connection, lease)

    async def _prolong(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(PROLONG_SECONDS)
            async with borrowed(self.pool) as connection:
                if await acquire(connection, lease.name, self.holder) != lease:
                    raise LeaseLostError(lease.name)

    async def _work(
        self, connection: asyncpg.Connection, lease: Lease, prolong: "asyncio.Task[None]"
    ) -> None:
        court = Court(law=stated_law(self.bench.court.office), settle={})
        bench = replace(self.bench, court=court)
        while not prolong.done():
            await take_up(connection, court)
            done = await step(connection, lease, bench, self.clock())
            if done.said:
                self.said.ring()
            if done.read < BATCH:
                await asyncio.sleep(LOOK_SECONDS)
        prolong.result()
