"""One step along the log: occurrences in, patterns compared with what stands, all or nothing."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from operator import attrgetter

import asyncpg
from pydantic_core import from_json

from contracts.registry import PUBLISHED
from kernel.lease import Lease, check
from kernel.store.events import StoredEvent
from services.electronic_supervision.domain.engine import JudgementRaised, JudgementSuperseded
from services.electronic_supervision.domain.judgement import Evidence
from services.electronic_supervision.domain.law import Law, matter_of
from services.electronic_supervision.loop.court import case_of, key_of
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.law import is_taken_up
from services.electronic_supervision.loop.step import horizon_of
from services.electronic_supervision.patterns import tables
from services.electronic_supervision.patterns.compare import compare
from services.electronic_supervision.patterns.occurrences import (
    Held,
    added_finding,
    counted_as,
    occurrences_of,
)
from services.electronic_supervision.patterns.saying import PatternLifted, PatternRaised
from services.electronic_supervision.record import (
    CODEC,
    MessageQuarantined,
    MessageSettled,
    records,
)

LOG = logging.getLogger(__name__)

BATCH = 500
BREATH = 25
"""So many cases are read before others of the process get a turn."""

PROGRESS = "select position, law, calendar, through, shares_day from pattern_progress for update"
ARRIVED = """
select position, stream, type, data, recorded_at from event
where position > $1 order by position limit $2
"""
OF_STREAMS = """
select position, stream, version, id, type, data, metadata, recorded_at, hash
from event where stream = any($1) and position <= $2 order by stream, version
"""
STANDS = "select data from pattern_finding where stands and id = any($1)"
DONE = """
update pattern_progress
set position = $1, law = $2, calendar = $3, through = $4, shares_day = $5
"""
OF_CASES = PUBLISHED.keys() | {
    each.__name__
    for each in (MessageQuarantined, MessageSettled, JudgementRaised, JudgementSuperseded)
}
OF_PATTERNS = {PatternRaised.__name__, PatternLifted.__name__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What a step did: so many events read, so many findings raised or lifted."""

    read: int = 0
    said: int = 0


async def step(
    connection: asyncpg.Connection, lease: Lease, bench: Bench, now: datetime
) -> Stepped:
    """Read on in the log, and say what changed of patterns; `now` is written down.

    What was recorded or happened after the horizon waits. Raises kernel.lease.LeaseLostError, and
    then nothing was done.
    """
    async with connection.transaction():
        await check(connection, lease)
        horizon = await horizon_of(connection, bench.streams)
        if horizon is None or not await is_taken_up(connection, bench.court):
            return Stepped()
        law = bench.court.law
        (progress,) = await connection.fetch(PROGRESS)
        position, shares_day = progress["position"], progress["shares_day"]
        version, is_anew = law.office.calendar.version, False
        if (progress["law"], progress["calendar"]) != (bench.court.version, version):
            await tables.doubt_all(connection)
            position, shares_day, is_anew = 0, None, True
        rows = await connection.fetch(ARRIVED, position, BATCH)
        heard = list(takewhile(lambda row: row["recorded_at"] < horizon, rows))
        if heard:
            position = heard[-1]["position"]
            await _take_in(connection, heard, law)
        through = progress["through"]
        is_ripe = through is not None and await tables.ripen(connection, through, horizon)
        happened: Sequence[PatternRaised | PatternLifted] = ()
        ended = law.office.local_date(horizon) - timedelta(days=1)
        if not (heard or is_ripe or is_anew) and shares_day is not None and shares_day >= ended:
            return Stepped()
        is_caught_up = len(heard) < BATCH  # else what comes next may take back what holds now
        done = (position, bench.court.version, version, horizon)
        if not is_caught_up:
            await connection.execute(DONE, *done, shares_day)
        else:
            happened = await compare(connection, bench, horizon, ended, shares_day, now, done)
    return Stepped(read=len(heard), said=len(happened))


async def _take_in(
    connection: asyncpg.Connection, heard: Sequence[asyncpg.Record], law: Law
) -> None:
    last = heard[-1]["position"]
    dockets = sorted({str(row["stream"]) for row in heard if row["type"] in OF_CASES})
    rows = [StoredEvent(**row) for row in await connection.fetch(OF_STREAMS, dockets, last)]
    kept: list[tables.Row] = []
    for number, (stream, told) in enumerate(groupby(rows, attrgetter("stream"))):
        kept += _of_case(stream, list(told), law)
        if number % BREATH == 0:
            await asyncio.sleep(0)
    findings = sorted(
        {
            from_json(str(row["data"]))["finding"]["id"]
            for row in heard
            if row["type"] in OF_PATTERNS
        }
    )
    for row in await connection.fetch(STANDS, findings):
        finding = tables.FINDING.validate_json(row["data"])
        placed = added_finding(finding, law)
        kept += (tables.row_of(finding.id, each, law.office) for each in placed)
    if dockets or findings:
        await tables.replace(connection, [*dockets, *findings], kept)


def _of_case(stream: str, told: Sequence[StoredEvent], law: Law) -> list[tables.Row]:
    """Return what a case counts; nothing if our code fails on it, which is logged."""
    try:
        held = _held(stream, told, law)
        placed = () if held is None else occurrences_of(held)
        return [tables.row_of(stream, each, law.office) for each in placed]
    except Exception as error:
        LOG.exception("patterns not read", extra={"docket": stream}, exc_info=error)
        return []


def _held(stream: str, told: Sequence[StoredEvent], law: Law) -> Held | None:
    record = records(told)[stream]
    if not record.told:
        return None
    key, case = key_of(record), case_of(record, law)
    evidence: dict[str, Evidence] = {}
    for stored in told:
        if stored.type == JudgementRaised.__name__:
            raised = CODEC.decode(stored.type, stored.data)
            if isinstance(raised, JudgementRaised):
                evidence[raised.judgement.id] = raised.evidence
    judged = tuple(counted_as(each, evidence[each.id]) for each in record.standing.values())
    matter = matter_of(key.source, case, law)
    return Held(key=key, case=case, matter=matter, law=law, judged=judged)
