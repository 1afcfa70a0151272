"""The relay of one process, which waits for the bus while the doors are open already."""

from collections.abc import Sequence

import asyncpg

from kernel.bell import Bell
from kernel.bus import connect
from kernel.readiness import Problem
from kernel.relay.halt import unreachable
from kernel.relay.metrics import RelayMetrics
from kernel.relay.relay import Relay
from services.evaluation.tenancy import TENANCY


class Relaying:
    """Sends what was said, from the first connection to the bus on; `said` rings for more.

    `holder` names this process, and no other ever again.
    """

    def __init__(
        self, pool: asyncpg.Pool, said: Bell, *, nats_url: str, holder: str, metrics: RelayMetrics
    ) -> None:
        self._pool = pool
        self._said = said
        self._nats_url = nats_url
        self._holder = holder
        self._metrics = metrics
        self._relay: Relay | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        bus = await connect(self._nats_url, TENANCY.name)
        try:
            with self._said.ear() as ear:
                self._relay = Relay(
                    self._pool, bus, TENANCY, holder=self._holder, ear=ear, metrics=self._metrics
                )
                await self._relay.run()
        finally:
            await bus.close()

    async def problems(self) -> Sequence[Problem]:
        """Tell what keeps publications from the stream."""
        return [unreachable()] if self._relay is None else await self._relay.problems()
