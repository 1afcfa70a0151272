"""Hold the whole record against two laws, in several processes and on one snapshot."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from services.electronic_supervision.rehearsal.compare import pair
from services.electronic_supervision.rehearsal.find import Found
from services.electronic_supervision.rehearsal.lane import (
    Ground,
    Place,
    Search,
    Task,
    hold,
    law_in,
    prepare,
    search,
)
from services.electronic_supervision.rehearsal.proposal import Proposal, laws_of
from services.electronic_supervision.rehearsal.tally import Tally
from services.electronic_supervision.rehearsal.watched import Watched

SNAPSHOT = "select pg_export_snapshot()"
ALL_FACTS = "select count(*) from event where type like 'xiaoneng.%'"
# names of cases are hexadecimal and evenly spread
BOUNDS = [f"{first}{second}" for first in "0123456789abcdef" for second in "048c"][1:]
STRETCHES: Sequence[tuple[str, str | None]] = [
    *pairwise(["", *BOUNDS]),
    (BOUNDS[-1], None),
]

Told = Callable[[int, int], Awaitable[None]]
"""Hears how many facts were read, of how many."""


async def _nobody(_read: int, _all: int) -> None:
    pass


async def sweep(
    place: Place,
    proposal: Proposal,
    as_of: datetime,
    *,
    lanes: int | None = None,
    told: Told = _nobody,
) -> Tally:
    """Return what a proposal would change of all judgements at an instant (UTC).

    `lanes` processes work on it, as many as there are processors unless told. Raises as `laws_of`,
    and BrokenProcessPool if one of them is killed.
    """
    connection = await place.connect()
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval(SNAPSHOT)
            law = await law_in(connection)
            laws = pair(*laws_of(law, proposal, law.office.local_date(as_of)))
            facts = await connection.fetchval(ALL_FACTS)
            await told(0, facts)
            with (
                TemporaryDirectory(prefix="xiaoneng-rehearsal-") as folder,
                _lanes(lanes or os.cpu_count() or 1) as pool,
            ):
                ground = Ground(place, snapshot, proposal, as_of, Path(folder))
                if laws.only_acts:  # few cases feel it, and mostly none
                    single = replace(ground, over_time=False)
                    whole = await _gather(pool, single, facts, told)
                    if not (whole.whats and laws.watched.rounds):
                        return whole
                whole = await _gather(pool, ground, facts, told)
                await _search(pool, ground, laws.watched, whole)
                return whole
    finally:
        await connection.close()


async def _gather(pool: ProcessPoolExecutor, ground: Ground, facts: int, told: Told) -> Tally:
    """Put stretches together in their order, so that the same record gives the same examples."""
    loop = asyncio.get_running_loop()
    whole = Tally()
    tasks = [Task(ground=ground, first=first, end=end) for first, end in STRETCHES]
    held = [loop.run_in_executor(pool, hold, task) for task in tasks]
    try:
        for each in held:
            whole.take(await each)
            await told(whole.facts, facts)
    finally:
        for each in held:
            each.cancel()  # or those that nobody waits for any more would complain
    return whole


async def _search(
    pool: ProcessPoolExecutor, ground: Ground, watched: Watched, whole: Tally
) -> None:
    """Find what differs over time: all at once that count no other, then one after the other."""
    loop = asyncio.get_running_loop()
    found: dict[str, Found] = {}
    for round_ in watched.rounds:
        others = tuple(found.values())
        tasks = [Search(ground=ground, rule=rule, others=others) for rule in round_]
        done = await asyncio.gather(*(loop.run_in_executor(pool, search, each) for each in tasks))
        for rule, searched in zip(round_, done, strict=True):
            found[rule] = searched.found
            for each in searched.shifts:
                whole.shift(each)


@contextmanager
def _lanes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes for the length of the block; they end with it, and with this process."""
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=prepare, initargs=(theirs,))
    try:
        yield pool
    finally:
        ours.close()
        theirs.close()
        pool.shutdown(wait=False, cancel_futures=True)
