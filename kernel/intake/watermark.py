"""Until when everything that was said is in: the instant up to which deadlines may be judged."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import nats.errors
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError

from kernel.bell import Bell
from kernel.database import is_transient
from kernel.intake.heard import Message

LOG = logging.getLogger(__name__)

EVERY_SECONDS = 0.25
PAUSE_SECONDS = 0.01
KEEPING_UP = timedelta(seconds=1)
"""How far behind the stream an intake may be that still keeps up with it."""

REMEMBERED = 1000

# a mark lost in a crash is only an older mark: nobody need wait for the disk
MARK = """
with hasty as (select set_config('synchronous_commit', 'off', true))
insert into checkpoint as known (stream, stream_sequence, heard_through)
select $1, $2, $3 from hasty
on conflict (stream) do update
set stream_sequence = excluded.stream_sequence,
    heard_through = greatest(known.heard_through, excluded.heard_through)
"""


@dataclass(slots=True, kw_only=True)
class Watermark:
    """Watches how far the consumer of service `name` on a stream has come.

    The database's clock alone tells the time (`shift` moves it, for rehearsals): however the clock
    of a process jumps, no deadline is judged early.
    """

    pool: asyncpg.Pool
    jetstream: JetStreamContext
    name: str
    stream: str
    bell: Bell
    shift: timedelta = timedelta()
    pending: int = 0
    """How many messages wait in the stream."""
    _sent: deque[tuple[int, datetime]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def committed(self, messages: Sequence[Message]) -> None:
        """Remember when the messages of a batch were sent."""
        if messages:
            last = max(messages, key=lambda message: message.number)
            self._sent.append((last.number, last.sent_at))

    async def run(self, facts: Bell) -> None:
        """Mark for ever, at once after new facts and now and then without."""
        with facts.ear() as ear:
            while True:
                try:
                    await self._mark()
                    self.bell.ring()
                except (nats.errors.Error, JetStreamError) as error:
                    LOG.warning("no mark", extra={"stream": self.stream, "error": repr(error)})
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    if not is_transient(error):
                        raise
                    LOG.warning("no mark", extra={"stream": self.stream, "error": repr(error)})
                await asyncio.sleep(PAUSE_SECONDS)
                await ear.wait(EVERY_SECONDS)

    async def _mark(self) -> None:
        # the clock first: what is said after this instant need not be in
        now: datetime = await self.pool.fetchval("select clock_timestamp()")
        info = await self.jetstream.consumer_info(self.stream, self.name)
        self.pending = (info.num_pending or 0) + (info.num_ack_pending or 0)
        floor = info.ack_floor.stream_seq if info.ack_floor else 0
        through = now if self.pending == 0 else self._kept_up(floor, now)
        moved = None if through is None else through + self.shift
        await self.pool.execute(MARK, self.stream, floor, moved)

    def _kept_up(self, floor: int, now: datetime) -> datetime | None:
        """Under steady load the stream is never empty: go by what was sent last and is in."""
        through = None
        for number, sent_at in self._sent:
            if number <= floor:
                through = sent_at
        return None if through is None or now - through > KEEPING_UP else through
