"""A city whose only rule counts steps, and whose patterns are told whenever the test says so."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import asyncpg
import pytest

from contracts.streams import CITY
from deploy.local.postgres import Postgres
from kernel.lease import Lease, acquire
from kernel.store.migrate import migrate
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    DraftRule,
    NoteRehearsal,
)
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.doors.systems import admit
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.law import take_up
from services.electronic_supervision.patterns.step import Stepped, step
from services.electronic_supervision.rules.keep import carry_out
from services.electronic_supervision.tenancy import TENANCY
from tests.electronic_supervision.live.conftest import OFFICE, Supervision
from tests.electronic_supervision.live.said import APPROVALS, Said, accepted, event, local

NUMBERS = count(1)
BEGIN = date(2026, 11, 2)
DAYS, AT_LEAST = 5, 3
HEAD = """
version: 1
system: regularity
clause: 《芜湖市机关效能建设规定》第九条
effective_from: 2026-11-02
"""
MANY_STEPS = f"""id: many-steps
title: 环节过多
{HEAD}
count:
  on: [approvals.step-started.v1]
  by: unit
  days: {DAYS}
  thresholds:
    - {{at_least: {AT_LEAST}, level: yellow}}
message: '{{subject}}有{{total}}个环节。'
examples:
  - name: 达到起点
    facts:
      - {{type: approvals.step-started.v1, time: 2026-11-05 09:30, step: 甲}}
      - {{type: approvals.step-started.v1, time: 2026-11-05 10:30, step: 乙}}
      - {{type: approvals.step-started.v1, time: 2026-11-05 11:30, step: 丙}}
    expect: yellow
  - name: 差一次
    facts:
      - {{type: approvals.step-started.v1, time: 2026-11-05 09:30, step: 甲}}
    expect: nothing
"""
TWO_CARDS = f"""id: two-runs
title: 两次环节过多
{HEAD}
cumulation:
  by: unit
  days: 365
  of: [many-steps]
  points: {{yellow: 1}}
  thresholds:
    - {{at_least: 2, level: red}}
message: '{{subject}}受到{{occurrences}}次黄牌。'
examples:
  - name: 达到起点
    judgements:
      - {{rule: many-steps, level: yellow, time: 2026-11-05 09:30}}
      - {{rule: many-steps, level: yellow, time: 2026-12-05 09:30}}
    expect: red
  - name: 差一次
    judgements:
      - {{rule: many-steps, level: yellow, time: 2026-11-05 09:30}}
    expect: nothing
"""


@dataclass
class Watch:
    """A city with patterns, and its clock in the hands of the test."""

    city: Supervision
    holder: str = "test"

    @property
    def connection(self) -> asyncpg.Connection:
        return self.city.connection

    async def enact(self, document: str) -> None:
        id_ = document.split("\n")[0].removeprefix("id: ")
        commands = (
            DraftRule(id=id_, version=1, document=document),
            NoteRehearsal(
                id=id_, version=1, digest=digest_of(document), rehearsal="r-1", figures={}
            ),
            ActivateRule(id=id_, version=1, effective_from=BEGIN, today=BEGIN),
        )
        acting = {"by": "account:office", "role": "office"}
        for command in commands:
            await carry_out(self.connection, command, now=local("2026-11-01 12:00"), acting=acting)

    async def lease(self) -> Lease:
        lease = await acquire(self.connection, "patterns", self.holder)
        assert lease is not None
        return lease

    async def bench(self) -> Bench:
        court = Court(law=stated_law(OFFICE), settle={})
        await take_up(self.connection, court)
        return Bench(court=court, streams=(CITY,), source=TENANCY.source)

    async def step(self, at: str) -> Stepped:
        bench = await self.bench()
        return await step(self.connection, await self.lease(), bench, local(at))

    async def until(self, at: str) -> int:
        """Judge cases, then tell patterns until nothing is left to tell; return how many."""
        await self.city.until(at)
        said = 0
        await self.connection.execute("update checkpoint set heard_through = $1", local(at))
        while (done := await self.step("2026-11-01 12:00")) != Stepped():
            said += done.said
        return said

    async def found(self) -> list[tuple[str, str, date]]:
        return [
            tuple(row)
            for row in await self.connection.fetch(
                "select rule, level, day from pattern_finding where stands order by 1, 2, 3"
            )
        ]

    async def told(self) -> list[tuple[str, str]]:
        return [
            tuple(row)
            for row in await self.connection.fetch(
                "select stream, type from event where stream like 'pattern-%' order by position"
            )
        ]

    async def kept(self) -> dict[str, list[dict[str, object]]]:
        queries = {
            "occurrence": "select * from occurrence order by rule, subject, id",
            "pattern_finding": "select * from pattern_finding order by id",
        }
        return {
            name: [dict(row) for row in await self.connection.fetch(query)]
            for name, query in queries.items()
        }


def steps_on(days: Sequence[int]) -> list[Said]:
    """Tell of a case with a step on each of these days after the begin."""
    told = []
    for number, day in enumerate(days):
        case = f"办件{number}"
        at = BEGIN + timedelta(days=day)
        told += [
            accepted(f"{BEGIN} 08:30", case),
            event("step-started", f"{at} 10:00", case, step="审核"),
        ]
    return told


def runs(days: Sequence[int]) -> list[date]:
    """Say by the letter of the rule on which days its runs begin."""
    last, found = -999, []
    for day in sorted(set(days)):
        if sum(day - DAYS < each <= day for each in days) >= AT_LEAST:
            if day - last >= DAYS:
                found.append(BEGIN + timedelta(days=day))
            last = day
    return found


def some_days(seed: int) -> list[int]:
    chance = random.Random(seed)
    return [chance.randrange(40) for _ in range(25)]


@pytest.fixture
async def watch(server: Postgres) -> AsyncIterator[Watch]:
    schema = f"patterns_{next(NUMBERS)}"
    settings = {"search_path": schema}
    connection = await asyncpg.connect(server.url(), server_settings=settings)
    await migrate(connection, schema, *TENANCY.migrations)
    await admit(connection, APPROVALS)
    watch = Watch(Supervision(connection=connection, settings=settings, url=server.url()))
    await watch.enact(MANY_STEPS)
    yield watch
    await connection.close()
