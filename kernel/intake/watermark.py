"""Until when everything that was said is in: the instant up to which deadlines may be judged."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg
import nats.errors
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError

from kernel.bell import Bell
from kernel.bus import heed
from kernel.database import borrowed, is_transient
from kernel.intake.metrics import IntakeMetrics
from kernel.intake.quarantine import depth

LOG = logging.getLogger(__name__)

EVERY_SECONDS = 0.25
PAUSE_SECONDS = 0.01
SURE = timedelta(seconds=1)
"""How long a message may be in a stream before its consumer counts it as pending."""

REMEMBERED = 1000

# a mark lost in a crash is only an older mark: nobody need wait for the disk
MARK = """
with hasty as (select set_config('synchronous_commit', 'off', true))
insert into checkpoint as known (stream, stream_sequence, heard_through)
select $1, $2, $3 from hasty
on conflict (stream) do update
set stream_sequence = excluded.stream_sequence,
    heard_through = greatest(known.heard_through, excluded.heard_through)
returning heard_through
"""


class Sight(NamedTuple):
    """A look at the stream: what was said up to the instant `at` is no further than `last`."""

    at: datetime
    last: int


class Place(NamedTuple):
    """How far a consumer has come: all up to `floor` is committed, `pending` messages are not."""

    floor: int
    pending: int


@dataclass(slots=True, kw_only=True)
class Watermark:
    """Watches how far the consumer of service `name` on a stream has come.

    The database's clock alone tells the time (`shift` moves it, for rehearsals): however the clock
    of a process or of the bus jumps, no deadline is judged early.
    """

    pool: asyncpg.Pool
    jetstream: JetStreamContext
    name: str
    stream: str
    bell: Bell
    shift: timedelta = timedelta()
    metrics: IntakeMetrics | None = None
    _sights: deque[Sight] = field(default_factory=deque)
    _counted_at: datetime | None = None

    async def run(self, facts: Bell) -> None:
        """Mark for ever, at once after new facts and now and then without."""
        with facts.ear() as ear:
            while True:
                try:
                    await self.mark()
                    self.bell.ring()
                except (nats.errors.Error, JetStreamError) as error:
                    LOG.warning("no mark", extra={"stream": self.stream, "error": repr(error)})
                except Exception as error:
                    if not is_transient(error):
                        raise
                    LOG.warning("no mark", extra={"stream": self.stream, "error": repr(error)})
                heed()
                await asyncio.sleep(PAUSE_SECONDS)
                await ear.wait(EVERY_SECONDS)

    async def mark(self) -> None:
        """Write down how far the consumer has come."""
        # the clock first: what is said after this instant need not be in
        now: datetime = await self.pool.fetchval("select clock_timestamp()")
        last = (await self.jetstream.stream_info(self.stream)).state.last_seq
        place = await self._place()
        through = self._through(Sight(now, last), place)
        moved = None if through is None else through + self.shift
        marked = await self.pool.fetchval(MARK, self.stream, place.floor, moved)
        if self.metrics is not None:
            self.metrics.marked(self.stream, place.pending, marked)
            await self._count(self.metrics, now)

    async def _count(self, metrics: IntakeMetrics, now: datetime) -> None:
        if self._counted_at is None or abs(now - self._counted_at) > SURE:
            self._counted_at = now
            async with borrowed(self.pool) as connection:
                metrics.held(await depth(connection))

    async def _place(self) -> Place:
        info = await self.jetstream.consumer_info(self.stream, self.name)
        floor = info.ack_floor.stream_seq if info.ack_floor else 0
        return Place(floor, (info.num_pending or 0) + (info.num_ack_pending or 0))

    def _through(self, sight: Sight, place: Place) -> datetime | None:
        """Return the latest instant up to which everything said is in, as far as is known.

        Under steady load the stream is never empty: what it held a moment ago is in. If its last
        messages were deleted, nothing is pending short of `last`.
        """
        if self._sights and sight.last < self._sights[-1].last:
            self._sights.clear()  # the stream was made anew
        if len(self._sights) < REMEMBERED:
            self._sights.append(sight)
        through = None
        while self._sights and self._is_in(self._sights[0], sight.at, place):
            through = self._sights.popleft().at
        return through

    @staticmethod
    def _is_in(before: Sight, now: datetime, place: Place) -> bool:
        return before.last <= place.floor or (place.pending == 0 and before.at < now - SURE)
