"""Sources that number their events from 1: which numbers have not come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

# locks the row even of a source first heard of: two batches must not both count from nothing
LAST = """
insert into source_sequence (source, last) select unnest($1::text[]), 0
on conflict (source) do update set last = source_sequence.last
returning source, last
"""
SET_LAST = """
update source_sequence known set last = told.last
from unnest($1::text[], $2::bigint[]) as told(source, last)
where known.source = told.source and known.last < told.last
"""
# only those that something may have come into: a source may leave more than can be read each time
GAPS = """
select distinct found.* from unnest($1::text[], $2::bigint[]) as told(source, number)
cross join lateral (
    select source, first, last, noticed_at from gap
    where gap.source = told.source and first <= number order by first desc limit 1
) found
where found.last >= number
"""
CLOSE = "delete from gap where source = $1 and first = $2"
OPEN = "insert into gap (source, first, last, noticed_at) values ($1, $2, $3, $4)"
SHOWN = """
select source, first, last, noticed_at from gap where noticed_at <= $1
order by source, first limit $2
"""

GRACE = timedelta(seconds=30)
"""How long a number may be late before it counts as missing."""

SHOWN_AT_MOST = 1000


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
    told = [(source, number) for source in sources for number in numbers[source]]
    names, places = [one[0] for one in told], [one[1] for one in told]
    for row in await connection.fetch(GAPS, names, places):
        known[row["source"]][range(row["first"], row["last"] + 1)] = row["noticed_at"]
    highest = []
    for source in sources:
        top, missing = holes(last[source], numbers[source], known[source])
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
    connection: asyncpg.Connection,
    now: datetime,
    grace: timedelta = GRACE,
    limit: int = SHOWN_AT_MOST,
) -> list[Gap]:
    """Return what has been missing for at least the grace, by source and number."""
    rows = await connection.fetch(SHOWN, now - grace, limit)
    return [Gap(source=row["source"], first=row["first"], last=row["last"]) for row in rows]
