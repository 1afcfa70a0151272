"""What a process of its own does for a rehearsal: hold a stretch of the record against two laws,
then find what a rule over time makes of all stretches."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg

from contracts.registry import PUBLISHED
from kernel.process import spare_the_collector
from kernel.store.events import StoredEvent
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.catalogue.store import load_catalogue
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.loop.court import stated_law
from services.electronic_supervision.patterns.occurrences import Placed
from services.electronic_supervision.record import records
from services.electronic_supervision.registers.load import load_registers
from services.electronic_supervision.rehearsal.compare import Pair, compare, pair
from services.electronic_supervision.rehearsal.counting import Side, counted, only_watched
from services.electronic_supervision.rehearsal.find import Found, find
from services.electronic_supervision.rehearsal.proposal import Proposal, laws_of
from services.electronic_supervision.rehearsal.shift import Shift, shifts
from services.electronic_supervision.rehearsal.spill import spill
from services.electronic_supervision.rehearsal.tally import Tally
from services.electronic_supervision.rules.store import load_book

LOG = logging.getLogger(__name__)
CITY = ZoneInfo("Asia/Shanghai")
NICE = 10
BATCH = 5_000

# what was judged is no part of it: both laws are asked anew
STRETCH = """
select position, stream, version, id, type, data, '{}' as metadata, recorded_at, ''::bytea as hash
from event
where stream >= $1 and ($2::text is null or stream < $2) and (stream, version) > ($3, $4)
  and (type like 'xiaoneng.%' or type in ('MessageQuarantined', 'MessageSettled'))
order by stream, version limit $5
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the record is: the URL of the database, and the schema."""

    url: str
    schema: str

    async def connect(self) -> asyncpg.Connection:
        """Return a connection of its own."""
        settings = {"search_path": self.schema, "application_name": "xiaoneng rehearsal"}
        return await asyncpg.connect(self.url, server_settings=settings)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all processes of a rehearsal share: the record as one snapshot shows it, and a folder.

    `as_of` (UTC) is when both laws are asked; what cases count is written into the folder, unless
    nothing is to be told `over_time`.
    """

    place: Place
    snapshot: str
    proposal: Proposal
    as_of: datetime
    folder: Path
    over_time: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A stretch of the record: streams from `first` up to `end`."""

    ground: Ground
    first: str
    end: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A rule over time, with the findings of those that it counts."""

    ground: Ground
    rule: str
    others: tuple[Found, ...]


class Searched(NamedTuple):
    """What a rule finds by both laws, and how that differs if it is one that may."""

    found: Found
    shifts: tuple[Shift, ...]


async def law_in(connection: asyncpg.Connection) -> Law:
    """Return the law as a transaction sees it on record."""
    law = stated_law(Office(calendar=published_calendar(), zone=CITY))
    book = await load_book(connection)
    return replace(
        law,
        book=book if book.entries else law.book,
        catalogue=await load_catalogue(connection),
        registers=await load_registers(connection),
    )


def prepare(life: Connection) -> None:
    """Make a new process ready: it gives way to others, and ends with whoever started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of a terminal's processes
    os.nice(NICE)
    spare_the_collector()
    Thread(target=_end_with, args=(life,), daemon=True).start()


def _end_with(life: Connection) -> None:
    try:
        life.recv()
    except (EOFError, OSError):
        os._exit(1)


def hold(task: Task) -> Tally:
    """Hold all cases of a stretch against both laws. Raises as `laws_of`."""
    return asyncio.run(_hold(task, _laws(task.ground)))


def search(task: Search) -> Searched:
    """Find what a rule over time makes of all that was written down in the folder."""
    laws, ground = _watched_only(task.ground), task.ground
    found = find(task.rule, laws, ground.folder, ground.as_of, task.others)
    may_differ = task.rule in laws.watched.differing
    return Searched(found, tuple(shifts(found, laws)) if may_differ else ())


@lru_cache(maxsize=1)
def _watched_only(ground: Ground) -> Pair:
    laws = _laws(ground)
    ids = [id_ for round_ in laws.watched.rounds for id_ in round_]
    before = only_watched(laws.before, ids)
    is_alike = laws.before.book.entries == laws.after.book.entries and laws.like
    is_alike = is_alike and laws.before.catalogue is laws.after.catalogue
    return replace(laws, before=before, after=before if is_alike else only_watched(laws.after, ids))


@lru_cache(maxsize=1)
def _laws(ground: Ground) -> Pair:
    async def load() -> Law:
        async with _looking(ground) as connection:
            return await law_in(connection)

    law = asyncio.run(load())
    laws = laws_of(law, ground.proposal, law.office.local_date(ground.as_of))
    return pair(*laws, over_time=ground.over_time)


@asynccontextmanager
async def _looking(ground: Ground) -> AsyncIterator[asyncpg.Connection]:
    connection = await ground.place.connect()
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute(f"set transaction snapshot '{ground.snapshot}'")
            yield connection
    finally:
        await connection.close()


async def _hold(task: Task, laws: Pair) -> Tally:
    tally = Tally()
    over_time = _watched_only(task.ground)
    with spill(task.ground.folder, task.first or "00") as put:
        async with _looking(task.ground) as connection:
            async for told in _cases(connection, task):
                put(_judge(told, laws, over_time, task.ground.as_of, tally))
    return tally


async def _cases(
    connection: asyncpg.Connection, task: Task
) -> AsyncIterator[Sequence[StoredEvent]]:
    """Yield the events of one case after the other."""
    stream, version = "", 0
    left: list[StoredEvent] = []
    while rows := await connection.fetch(STRETCH, task.first, task.end, stream, version, BATCH):
        stream, version = rows[-1]["stream"], rows[-1]["version"]
        for _, group in groupby([*left, *(StoredEvent(**row) for row in rows)], STREAM):
            left = list(group)
            if left[0].stream != stream:
                yield left
    if left:
        yield left


STREAM = attrgetter("stream")


def _judge(
    told: Sequence[StoredEvent], laws: Pair, over_time: Pair, as_of: datetime, tally: Tally
) -> Sequence[tuple[Side, Placed]]:
    """Count a case, and return what it counts over time.

    One that our code fails on must not keep the others from being counted.
    """
    types = frozenset(each.type for each in told)
    facts = sum(each.type in PUBLISHED for each in told)
    if not facts:
        return ()
    tally.cases += 1
    tally.facts += facts
    if not laws.concerns(types):
        return ()
    stream = told[0].stream
    try:
        compared = compare(records(told)[stream], laws, as_of)
        if compared is None:
            return ()
        counts = tuple(counted(compared, over_time)) if laws.watched.rounds else ()
    except Exception as error:
        LOG.exception("case not rehearsed", extra={"docket": stream}, exc_info=error)
        tally.stuck += 1
        return ()
    tally.add(stream, compared)
    return counts
