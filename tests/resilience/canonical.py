"""What promise 4 speaks of, without what delivery may change: positions, times of receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import asyncpg

from kernel.store.store import read
from services.electronic_supervision.calendar_source import published_calendar
from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.clocks import Clock, clocks, course
from services.electronic_supervision.domain.law import Law, Matter, terms_of
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.verdict import Verdict, verdict
from services.electronic_supervision.loop.court import case_of, stated_law
from services.electronic_supervision.record import records
from services.electronic_supervision.rules.store import load_book
from tests.electronic_supervision.live.said import WUHU, local
from tests.resilience.town import Town

FACTS = "select source, id, digest from seen"
DOCKETS = "select source, number, unit, item, is_ended, next_at, calendar from docket"
STANDING = """
select j.id, d.source, d.number, j.clock, j.level, j.unit, j.due_at, j.fired_at, j.withheld
from judgement j join docket d on d.id = j.docket where j.stands
"""
ALERTS = """
select d.source, d.number, a.judgement, a.clock, a.level, a.unit, a.due_at, a.withheld, a.hidden
from alert a join docket d on d.id = a.docket
"""
TODAY = local("2026-11-23 12:00")
OFFICE = Office(calendar=published_calendar(), zone=WUHU)

Timed = tuple[Clock, object, Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canonical:
    """Facts taken, cases as their facts tell them with clocks and verdicts, what stands, alerts."""

    facts: frozenset[Any]
    cases: Mapping[str, tuple[Case, tuple[Timed, ...]]]
    dockets: frozenset[Any]
    standing: frozenset[Any]
    alerts: frozenset[Any]


async def canonical(connection: asyncpg.Connection) -> Canonical:
    """Dump electronic supervision; the connection's search path names it."""
    law = replace(stated_law(OFFICE), book=await load_book(connection))
    ids = {row["id"] for row in await connection.fetch("select id from docket")}
    told = records([event async for event in read(connection) if event.stream in ids])
    cases = {name: case_of(record, law) for name, record in told.items()}
    return Canonical(
        facts=frozenset(map(tuple, await connection.fetch(FACTS))),
        cases={name: (case, _timed(case, law)) for name, case in cases.items()},
        dockets=frozenset(map(tuple, await connection.fetch(DOCKETS))),
        standing=frozenset(map(tuple, await connection.fetch(STANDING))),
        alerts=frozenset(map(tuple, await connection.fetch(ALERTS))),
    )


async def dumped(town: Town) -> Canonical:
    """Dump the electronic supervision of a city."""
    connection = await town.stack.database()
    try:
        return await canonical(connection)
    finally:
        await connection.close()


def _timed(case: Case, law: Law) -> tuple[Timed, ...]:
    terms = terms_of(case, Matter(unit=case.unit, code=case.item), law)
    found = [(clock, course(clock, OFFICE)) for clock in clocks(case, terms)]
    return tuple((clock, run, verdict(clock, run, TODAY)) for clock, run in found)


def differences(undisturbed: Canonical, disturbed: Canonical) -> list[str]:
    """Name what the two do not have in common."""
    found = []
    for name in (field.name for field in fields(Canonical)):
        one, other = getattr(undisturbed, name), getattr(disturbed, name)
        if isinstance(one, Mapping):
            one, other = set(one.items()), set(other.items())
        found += [f"lost {name}: {each}" for each in one - other]
        found += [f"grown {name}: {each}" for each in other - one]
    return found
