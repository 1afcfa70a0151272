"""What a service publishes, straight from its record, for all who follow it live."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import asyncpg
from prometheus_client import CollectorRegistry, Counter, Gauge

from kernel.bell import LOST, Ear

WINDOW = 10_000
LARGEST_WINDOW = 1 << 26
"""Bytes of frames that are kept at most, whatever the window."""
LOOK_SECONDS = 1.0
BATCH = 500

LAST = "select coalesce(max(sequence), 0) from publication"
AFTER = """
select sequence, subject, body from publication where sequence > $1 order by sequence limit $2
"""


class OutOfReachError(Exception):
    """What comes after a sequence is not kept any more, or was never said."""


class GapError(Exception):
    """A publication is missing from the record; the message names the one before."""


@dataclass(frozen=True, slots=True)
class Said:
    """One publication: where it was said, of what (`partitionkey`), and as it is sent to a page."""

    sequence: int
    subject: str
    partitionkey: str
    frame: bytes

    def event(self) -> Mapping[str, Any]:
        """Return the CloudEvent that was published."""
        told: Mapping[str, Any] = json.loads(self.frame.partition(b"\ndata: ")[2])
        return told


Wanted = Callable[[Sequence[Said]], Awaitable[Sequence[Said]]]
"""Leaves of some publications those that somebody wants."""


@dataclass(frozen=True, slots=True)
class News:
    """The frames that somebody wanted, and the sequence through which all was looked at."""

    through: int
    frames: Sequence[bytes]


class Feed:
    """One reader of the record for any number of followers, who each keep their own place."""

    def __init__(
        self, pool: asyncpg.Pool, ear: Ear, registry: CollectorRegistry, *, window: int = WINDOW
    ) -> None:
        self._pool = pool
        self._ear = ear
        self._window = window
        self._kept: list[Said] = []
        self._size = 0
        self._last = 0
        self._is_read = False
        self._news = asyncio.Event()
        self._is_closed = False
        self.clients = Gauge("xiaoneng_sse_clients", "Pages that follow.", registry=registry)
        self.dropped = Counter(
            "xiaoneng_sse_dropped_total", "Pages that were too slow.", registry=registry
        )

    async def run(self) -> None:
        """Follow the record until cancelled; an outage of the database is waited out."""
        try:
            while True:
                with suppress(*LOST):
                    await self._catch_up()
                await self._ear.wait(LOOK_SECONDS)
        finally:
            self.close()

    @property
    def last(self) -> int:
        """The sequence through which the record was read."""
        return self._last

    def close(self) -> None:
        """Let every follower end."""
        self._is_closed = True
        self._wake()

    async def subscribe(
        self, after: int | None, wanted: Wanted, *, idle_seconds: float
    ) -> AsyncIterator[News]:
        """Yield what is said after a sequence (None: from now on), without loss or double.

        The first comes at once, and one without frames when none was wanted for a while. Ends when
        the feed is closed. Raises OutOfReachError, what `wanted` raises, and what the pool raises
        if `after` is ahead of what was read.
        """
        clock = asyncio.get_running_loop().time
        at = await self._place(after)
        due = clock()
        is_new = True
        while not self._is_closed:
            news = self._news
            said = self._after(at)
            if said is None:
                self.dropped.inc(0 if is_new else 1)
                raise OutOfReachError(at)
            is_new = False
            at += len(said)
            frames = [each.frame for each in await wanted(said)] if said else []
            if frames or clock() >= due:
                yield News(at, frames)
                due = clock() + idle_seconds
            if not said:
                await _until(news, due)
            # else a follower far behind would hold up the others
            await asyncio.sleep(0)

    async def _place(self, after: int | None) -> int:
        """Return where to begin, once the reader is there. Raises OutOfReachError."""
        while not self._is_read and not self._is_closed:
            await self._news.wait()
        if after is None:
            return self._last
        # a page may be made, or another process may have told, what is about to be read here
        if after > self._last and after > await self._pool.fetchval(LAST):
            raise OutOfReachError(after)
        return after

    def _after(self, at: int) -> Sequence[Said] | None:
        """Return some of what was said after a sequence, None if it is not kept any more."""
        index = at - (self._last - len(self._kept))
        return None if index < 0 else self._kept[index : index + BATCH]

    async def _catch_up(self) -> None:
        if not self._last:
            self._last = max(0, await self._pool.fetchval(LAST) - self._window)
        while rows := await self._pool.fetch(AFTER, self._last, BATCH):
            for row in rows:
                if row["sequence"] != self._last + 1:
                    raise GapError(self._last)
                self._last += 1
                self._keep(_said(self._last, row["subject"], row["body"]))
            self._forget()
            self._wake()
        if not self._is_read:
            self._is_read = True
            self._wake()

    def _keep(self, said: Said) -> None:
        self._kept.append(said)
        self._size += len(said.frame)

    def _forget(self) -> None:
        drop = max(0, len(self._kept) - self._window)
        size = self._size - sum(len(each.frame) for each in self._kept[:drop])
        while size > LARGEST_WINDOW:
            size -= len(self._kept[drop].frame)
            drop += 1
        del self._kept[:drop]
        self._size = size

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _said(sequence: int, subject: str, body: str) -> Said:
    """Make a frame of server-sent events; line ends in JSON are only ever between tokens."""
    line, event = body.replace("\r", " ").replace("\n", " "), json.loads(body)
    name = " ".join(str(event.get("type", "message")).split())
    frame = f"id: {sequence}\nevent: {name}\ndata: {line}\n\n".encode()
    return Said(sequence, subject, str(event.get("partitionkey", "")), frame)


async def _until(event: asyncio.Event, due: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout_at(due):
            await event.wait()
