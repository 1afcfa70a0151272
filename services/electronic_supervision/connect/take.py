"""Take what connectors found into the record, with what they remember of it, or nothing of both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kernel.intake.seen import Novelty, note
from kernel.lease import Lease, check
from kernel.store.events import NewEvent
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.bad_row import BadRow, step_key
from services.electronic_supervision.connect.case_rows import CaseRows
from services.electronic_supervision.connect.held import Hold, hold, lines_of, replaced
from services.electronic_supervision.connect.runs import Counts
from services.electronic_supervision.connect.weigh import Weighed
from services.electronic_supervision.doors.entry import record

DOOR = "connector"
SAME = """
select number from connector_case
join unnest($2::text[], $3::bytea[]) as read(number, digest) using (number, digest)
where source = $1
"""
REMEMBER = """
insert into connector_case (source, number, digest)
select $1, * from unnest($2::text[], $3::bytea[])
on conflict (source, number) do update set digest = excluded.digest
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A run: under which lease, whose rows, and which of them wait in quarantine."""

    lease: Lease
    run: int
    hold: Hold
    waiting: frozenset[str]

    @property
    def source(self) -> str:
        """Under which the rows are told."""
        return self.hold.system.source


async def unchanged(
    connection: asyncpg.Connection, source: str, cases: Sequence[CaseRows]
) -> frozenset[str]:
    """Return the numbers of cases whose rows say what they said when they were last told."""
    numbers, digests = [each.number for each in cases], [each.digest for each in cases]
    rows = await connection.fetch(SAME, source, numbers, digests)
    return frozenset(row["number"] for row in rows)


async def take(
    connection: asyncpg.Connection,
    errand: Errand,
    weighed: Sequence[Weighed],
    same: Sequence[CaseRows],
    now: datetime,
) -> Counts:
    """Record what is new of some cases; `same` are those that say nothing new.

    `now` (UTC) is when it was received. Raises LeaseLostError; then nothing was done.
    """
    async with connection.transaction():
        await check(connection, errand.lease)
        heard = [each for one in weighed for each in one.heard]
        novelties = await note(connection, heard)
        bad = [each.bad for each in weighed if each.bad is not None]
        held, notes = await hold(connection, bad, errand.hold, now)
        told = [each.rows for each in weighed if each.bad is None]
        keys = [key for rows in (*told, *same) for key in _answered(rows, errand)]
        notes += await replaced(connection, errand.source, keys, now, keeping=list(held))
        await _remember(connection, errand.source, told)
        counts = _counts(weighed, same, sum(each is Novelty.NEW for each in novelties))
        await runs.counted(connection, errand.run, counts, held)
        pairs = list(zip(heard, novelties, strict=True))
        await record(connection, pairs, now=now, door=DOOR, also=notes)
        return counts


async def set_aside(
    connection: asyncpg.Connection, errand: Errand, bad: Iterable[BadRow], now: datetime
) -> Counts:
    """Put rows that can't be understood into quarantine. Raises LeaseLostError."""
    async with connection.transaction():
        await check(connection, errand.lease)
        held, notes = await hold(connection, bad, errand.hold, now)
        counts = Counts(bad=len(held))
        await runs.counted(connection, errand.run, counts, held)
        await _note(connection, notes, now)
        return counts


async def settle_lines(
    connection: asyncpg.Connection, errand: Errand, met: Sequence[str], now: datetime
) -> None:
    """Settle rows without a number that are not met at their lines any more.

    The last statement of its transaction; `met` are the keys of all bad rows of this reading.
    """
    keys = await lines_of(connection, errand.hold)
    gone = [key for key in keys if key not in set(met)]
    await _note(connection, await replaced(connection, errand.source, gone, now), now)


async def _note(connection: asyncpg.Connection, notes: Sequence[NewEvent], now: datetime) -> None:
    await record(connection, (), now=now, door=DOOR, also=notes)


def _answered(rows: CaseRows, errand: Errand) -> Iterable[str]:
    """Yield the keys of bad rows that wait, of which these rows tell readably."""
    if not errand.waiting:
        return
    steps = {step.name for each in rows.records for step in each.steps}
    for name in ("", *steps):
        key = step_key(errand.source, rows.number, name)
        if key in errand.waiting:
            yield key


async def _remember(connection: asyncpg.Connection, source: str, told: Sequence[CaseRows]) -> None:
    if told:
        numbers, digests = [each.number for each in told], [each.digest for each in told]
        await connection.execute(REMEMBER, source, numbers, digests)


def _counts(weighed: Sequence[Weighed], same: Sequence[CaseRows], events: int) -> Counts:
    said = [each for each in weighed if each.heard]
    return Counts(
        cases=len(weighed) + len(same),
        new=sum(each.is_new for each in said),
        changed=sum(not each.is_new for each in said),
        unchanged=len(same) + sum(not each.heard and each.bad is None for each in weighed),
        events=events,
        bad=sum(each.bad is not None for each in weighed),
    )
