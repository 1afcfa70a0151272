"""One run of a connector: all rows of a file or view into the record, in bounded memory."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import asyncpg

from kernel.database import borrowed
from kernel.lease import Lease, check
from services.electronic_supervision.audit.spool import Spool
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.case_rows import CaseRows, Reading
from services.electronic_supervision.connect.connector import Connector
from services.electronic_supervision.connect.desk import ConnectDesk
from services.electronic_supervision.connect.held import Hold, open_keys
from services.electronic_supervision.connect.known import stored
from services.electronic_supervision.connect.runs import Trouble
from services.electronic_supervision.connect.take import (
    Errand,
    set_aside,
    settle_lines,
    take,
    unchanged,
)
from services.electronic_supervision.connect.weigh import Scale, weigh
from services.electronic_supervision.doors.systems import CitySystem
from services.electronic_supervision.log.entry import Entry
from services.electronic_supervision.log.refusal import BadLogError, visible

Result = TypeVar("Result")

Entries = Callable[[], AbstractContextManager[Iterable[Entry]]]
"""Opens a file or view; called in the thread that reads it."""

Conclude = Callable[[asyncpg.Connection, datetime], Awaitable[None]]
"""Notes what is known once all rows are in, in the last transaction of a run."""

BAD_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is: a connector under its lease, for the system that was admitted."""

    desk: ConnectDesk
    connector: Connector
    system: CitySystem
    lease: Lease


async def run(turn: Turn, place: str, entries: Entries, conclude: Conclude) -> Trouble:
    """Read a file or view to its end, and return what was wrong with it as a whole.

    `place` names it for people. What was not concluded is read again, and says nothing twice.
    Raises LeaseLostError, and what the database of the record raises.
    """
    desk, name = turn.desk, turn.connector.name
    async with borrowed(desk.pool) as connection:
        number = await runs.begin(connection, name, place, await desk.now(connection))
    with _thread(name) as thread:
        trouble = await _read(turn, number, place, thread, entries, conclude)
    if trouble.code:
        async with borrowed(desk.pool) as connection:
            await runs.ended(connection, number, await desk.now(connection), trouble)
        desk.metrics.failed(name, trouble.code)
    return trouble


@dataclass(frozen=True, slots=True)
class _Thread:
    """The one thread in which a spool lives; it gives up what it reads once `stopped`."""

    executor: ThreadPoolExecutor
    stopped: threading.Event

    async def do(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)


@contextmanager
def _thread(name: str) -> Iterator[_Thread]:
    thread = _Thread(ThreadPoolExecutor(1, thread_name_prefix=f"connect-{name}"), threading.Event())
    try:
        yield thread
    finally:
        thread.stopped.set()
        # not waited for: it may wait for a database that never answers
        thread.executor.shutdown(wait=False)


async def _read(
    turn: Turn, number: int, place: str, thread: _Thread, entries: Entries, conclude: Conclude
) -> Trouble:
    reading = await thread.do(lambda: Reading(connector=turn.connector, spool=Spool()))

    def fill() -> None:
        with entries() as rows:
            reading.fill(rows, place, thread.stopped.is_set)

    try:
        await thread.do(fill)
        await _tell(turn, number, place, reading, thread, conclude)
    except BadLogError as error:
        return Trouble(code=error.code, message=visible(error.message)[:2000])
    finally:
        thread.stopped.set()
        thread.executor.submit(reading.close)
    return Trouble()


async def _tell(
    turn: Turn, number: int, place: str, reading: Reading, thread: _Thread, conclude: Conclude
) -> None:
    errand = await _errand(turn, number, place, reading)
    met = list(reading.bad)
    bad = list(reading.bad.values())
    for begin in range(0, len(bad), BAD_AT_ONCE):
        async with borrowed(turn.desk.pool) as connection:
            now = await turn.desk.now(connection)
            counts = await set_aside(connection, errand, bad[begin : begin + BAD_AT_ONCE], now)
        turn.desk.metrics.taken(turn.connector.name, counts)
    batches = reading.cases()
    while batch := await thread.do(lambda: next(batches, None)):
        await _batch(turn, errand, batch, thread)
        turn.desk.facts.ring()
    async with borrowed(turn.desk.pool) as connection, connection.transaction():
        await check(connection, turn.lease)
        now = await turn.desk.now(connection)
        await conclude(connection, now)
        await runs.ended(connection, number, now, Trouble())
        await settle_lines(connection, errand, met, now)
    turn.desk.facts.ring()


async def _errand(turn: Turn, number: int, place: str, reading: Reading) -> Errand:
    async with borrowed(turn.desk.pool) as connection:
        waiting = await open_keys(connection, turn.system.source)
        await connection.execute(runs.ENTRIES, number, reading.entries)
    return Errand(
        lease=turn.lease,
        run=number,
        hold=Hold(system=turn.system, place=place),
        waiting=waiting - reading.bad.keys(),
    )


async def _batch(turn: Turn, errand: Errand, batch: Sequence[CaseRows], thread: _Thread) -> None:
    """Take some cases in, in one transaction."""
    async with borrowed(turn.desk.pool) as connection:
        known = await unchanged(connection, errand.source, batch)
        fresh = [each for each in batch if each.number not in known]
        same = [each for each in batch if each.number in known]
        told = await stored(connection, errand.source, [each.number for each in fresh])
    scale = Scale(connector=turn.connector, system=turn.system, office=turn.desk.office)
    weighed = await thread.do(lambda: weigh(fresh, told, scale))
    async with borrowed(turn.desk.pool) as connection:
        now = await turn.desk.now(connection)
        counts = await take(connection, errand, weighed, same, now)
    turn.desk.metrics.taken(turn.connector.name, counts)
