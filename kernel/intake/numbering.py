"""Sources that number their events from 1: which numbers have not come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

LAST = "select source, last from source_sequence where source = any($1) order by source for update"
SET_LAST = """
insert into source_sequence (source, last)
select * from unnest($1::text[], $2::bigint[])
on conflict (source) do update set last = excluded.last
"""
GAPS = "select source, first, last, noticed_at from gap where source = any($1)"
CLOSE = "delete from gap where source = $1 and first = $2"
OPEN = "insert into gap (source, first, last, noticed_at) values ($1, $2, $3, $4)"
SHOWN = """
select source, first, last, noticed_at from gap where noticed_at <= $1 order by source, first
"""

GRACE = timedelta(seconds=30)
"""How long a number may be late before it counts as missing."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Gap:
    """Numbers of a source that did not come: from `first` to `last`."""

    source: str
    first: int
    last: int


def holes(last: int, numbers: Iterable[int], open_gaps: Iterable[range]) -> tuple[int, list[range]]:
    """Return the highest number heard, and the ranges missing below it (their ends excluded)."""
    missing = list(open_gaps)
    for number in sorted(set(numbers)):
        if number > last:
            if number > last + 1:
                missing.append(range(last + 1, number))
            last = number
            continue
        missing = [
            part
            for gap in missing
            for part in (
                (range(gap.start, number), range(number + 1, gap.stop)) if number in gap else (gap,)
            )
            if part
        ]
    return last, missing


async def note_numbers(
    connection: asyncpg.Connection, numbers: Mapping[str, Sequence[int]], now: datetime
) -> None:
    """Note which numbers came from which sources; part of their transaction."""
    sources = sorted(numbers)
    if not sources:
        return
    last = {row["source"]: row["last"] for row in await connection.fetch(LAST, sources)}
    known: dict[str, dict[range, datetime]] = {source: {} for source in sources}
    for row in await connection.fetch(GAPS, sources):
        known[row["source"]][range(row["first"], row["last"] + 1)] = row["noticed_at"]
    highest = []
    for source in sources:
        top, missing = holes(last.get(source, 0), numbers[source], known[source])
        highest.append(top)
        await _change(connection, source, known[source], missing, now)
    await connection.execute(SET_LAST, sources, highest)


async def _change(
    connection: asyncpg.Connection,
    source: str,
    before: Mapping[range, datetime],
    after: Sequence[range],
    now: datetime,
) -> None:
    """Write what changed; what is left of a gap was noticed when the gap was."""
    closed = [(source, gap.start) for gap in before if gap not in after]
    opened = [
        (source, gap.start, gap.stop - 1, _noticed(gap, before, now))
        for gap in after
        if gap not in before
    ]
    if closed:
        await connection.executemany(CLOSE, closed)
    if opened:
        await connection.executemany(OPEN, opened)


def _noticed(gap: range, before: Mapping[range, datetime], now: datetime) -> datetime:
    return next((at for old, at in before.items() if gap.start in old), now)


async def gaps(
    connection: asyncpg.Connection, now: datetime, grace: timedelta = GRACE
) -> list[Gap]:
    """Return what has been missing for longer than the grace."""
    rows = await connection.fetch(SHOWN, now - grace)
    return [Gap(source=row["source"], first=row["first"], last=row["last"]) for row in rows]
