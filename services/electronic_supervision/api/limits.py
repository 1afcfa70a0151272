"""What a partner may send over HTTP: known for a second, checked before anything is read."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from kernel.access.principal import Principal
from services.electronic_supervision.doors import pace, rejections
from services.electronic_supervision.doors.partner_metrics import PartnerMetrics
from services.electronic_supervision.doors.rejections import RATE_EXCEEDED
from services.electronic_supervision.doors.systems import CitySystem, systems
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import rate_exceeded, too_many_events

REMEMBER_SECONDS = 1.0


class Limits:
    """Knows the limits of all partners as they were a second ago at most."""

    def __init__(self, desk: Desk, metrics: PartnerMetrics) -> None:
        self._desk = desk
        self._metrics = metrics
        self._known: dict[str, CitySystem] = {}
        self._until = 0.0

    async def system_of(self, emitter: Principal) -> CitySystem:
        """Return the system that speaks; one that the intake doesn't know has no limits."""
        ticks = asyncio.get_running_loop().time
        if ticks() >= self._until:
            async with self._desk.lent() as connection:
                self._known = await systems(connection)
            self._until = ticks() + REMEMBER_SECONDS
        known = self._known.get(emitter.name)
        if known is not None and known.source == emitter.source:
            return known
        return CitySystem(name=emitter.name, source=emitter.source or "")

    async def keep_pace(self, system: CitySystem, number: int) -> None:
        """Let in so many events. Raises 429 `rate-exceeded`, 413 `too-many-events`."""
        if system.rate is None:
            return
        if number > system.rate:
            raise too_many_events(system.rate)
        async with self._desk.lent() as connection:
            now = await self._desk.now(connection)
            wait = await pace.wait_of(connection, system.name, system.rate, number, now)
        if wait is not None:
            await self.refused(system, [RATE_EXCEEDED] * number)
            raise rate_exceeded(system.rate, wait)

    async def refused(self, system: CitySystem, codes: Sequence[str]) -> None:
        """Count what was refused, by reason; of unknown systems nothing is kept."""
        if not codes or system.name not in self._known:
            return
        times = Counter(codes)
        for code, number in times.items():
            self._metrics.rejected(system.name, code, number)
        async with self._desk.lent() as connection:
            now = await self._desk.now(connection)
            await rejections.count(connection, {(system.name, c): n for c, n in times.items()}, now)

    def took(self, system: CitySystem, outcomes: Sequence[str]) -> None:
        """Count what was taken."""
        if system.name in self._known:
            for outcome, number in Counter(outcomes).items():
                self._metrics.took(system.name, outcome, number)
