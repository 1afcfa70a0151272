"""What would become of events, were they reported now. Nothing is recorded, counted or judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from kernel.access.principal import Principal
from kernel.intake.heard import Heard
from kernel.intake.quarantine import Unreadable
from kernel.store.store import load
from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.clocks import Clock, clocks
from services.electronic_supervision.domain.judgement import Judgement, judge
from services.electronic_supervision.doors.entry import REUSED, flags, stream_of
from services.electronic_supervision.doors.screen import screen
from services.electronic_supervision.doors.systems import CitySystem, systems
from services.electronic_supervision.loop.court import case_of, key_of
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import system_needed
from services.electronic_supervision.record import CaseRecord, Told, records

MOST_TRIED = 100
KNOWN = """
select source, id, digest from seen
join unnest($1::text[], $2::text[]) as asked(source, id) using (source, id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A case as it would stand: its clocks, the agency's total first, and what would be raised."""

    id: str
    number: str
    case: Case
    clocks: Sequence[Clock]
    judgements: Sequence[Judgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What would become of one event: `why` it would be refused, or the case that it would make.

    `told` and `outlook` are None where it would be refused.
    """

    why: Unreadable | None = None
    told: Heard | None = None
    is_duplicate: bool = False
    flags: Sequence[str] = ()
    outlook: Outlook | None = None


@dataclass(slots=True)
class _Trial:
    """What was tried so far: each event follows the ones before it."""

    desk: Desk
    connection: asyncpg.Connection
    now: datetime
    seen: dict[tuple[str, str], bytes]
    cases: dict[str, CaseRecord] = field(default_factory=dict)


async def system_for(desk: Desk, who: Principal, asked: str) -> CitySystem:
    """Return as whom somebody tries. Raises 422 `system-needed`: there is no such system."""
    async with desk.reading() as connection:
        known = await systems(connection)
    if who.source is not None:
        own = known.get(who.name)
        is_own = own is not None and own.source == who.source
        return own if own and is_own else CitySystem(name=who.name, source=who.source)
    if asked not in known:
        raise system_needed()
    return known[asked]


async def try_out(desk: Desk, system: CitySystem, raws: Sequence[bytes]) -> list[Fate]:
    """Return the fate of each event that a system might report, one after the other."""
    screened = [screen(raw, system) for raw in raws]
    heard = [each for each in screened if isinstance(each, Heard)]
    async with desk.reading() as connection:  # PostgreSQL itself refuses to write here
        trial = _Trial(
            desk=desk,
            connection=connection,
            now=await desk.now(connection),
            seen=await _seen(connection, heard),
        )
        return [
            Fate(why=each) if isinstance(each, Unreadable) else await _fate(trial, each)
            for each in screened
        ]


async def _seen(
    connection: asyncpg.Connection, heard: Sequence[Heard]
) -> dict[tuple[str, str], bytes]:
    sources, ids = [each.key[0] for each in heard], [each.key[1] for each in heard]
    rows = await connection.fetch(KNOWN, sources, ids)
    return {(row["source"], row["id"]): row["digest"] for row in rows}


async def _fate(trial: _Trial, heard: Heard) -> Fate:
    known = trial.seen.setdefault(heard.key, heard.digest)
    if known != heard.digest:
        return Fate(why=REUSED)
    stream = stream_of(heard)
    record = await _record(trial, stream)
    is_duplicate = any(each.event.id == heard.event.id for each in record.told)
    if not is_duplicate:
        last = max((each.position for each in record.told), default=0)
        record.told.append(Told(event=heard.event, position=last + 1, recorded_at=trial.now))
    return Fate(
        told=heard,
        is_duplicate=is_duplicate,
        flags=() if is_duplicate else [each.value for each in flags(heard, trial.now)],
        outlook=_outlook(trial, stream, record),
    )


async def _record(trial: _Trial, stream: str) -> CaseRecord:
    if stream not in trial.cases:
        told = records(await load(trial.connection, stream))
        trial.cases[stream] = told.get(stream) or CaseRecord()
    return trial.cases[stream]


def _outlook(trial: _Trial, stream: str, record: CaseRecord) -> Outlook:
    """Judge the case by all that would be known, at once: no time is left for more to come in."""
    court = trial.desk.court
    key, case = key_of(record), case_of(record, court.law)
    terms = court.terms(key, case)
    findings, _, _ = judge(key, case, terms, court.office, trial.now)
    return Outlook(
        id=stream,
        number=key.number,
        case=case,
        clocks=list(clocks(case, terms)),
        judgements=[each.judgement for each in findings],
    )
