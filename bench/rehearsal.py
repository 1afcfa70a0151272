"""How fast a changed law is held against the whole record."""

import time
from datetime import UTC, datetime, timedelta

from bench.city import city
from bench.court import all_heard, put
from bench.said import EVENTS_A_CASE, conversation
from bench.table import Figure, report
from deploy.tenancies import ELECTRONIC_SUPERVISION
from kernel.store.store import read
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rehearsal.sweep import sweep
from services.electronic_supervision.rules.keep import bring_shipped
from services.electronic_supervision.rules.shelf import shipped

FACTS = 200_000
LONG_AGO = datetime(2011, 9, 1, tzinfo=UTC)
"""From when on all rules of the release judge that may: a whole book, for the whole record."""
# a limit for every case: each has to be judged twice, and many come out otherwise
EVERYBODY = """
id: one-day
version: 1
title: 全部办件一个工作日
system: time-limit
clause: 测量
effective_from: 2011-09-01
whole_case:
  by: rule
  limit: 1 working days
examples:
  - name: 逾期
    facts:
      - {type: approvals.case-accepted.v1, time: 2012-03-05 09:30}
    as_of: 2012-06-30 10:00
    expect: red
  - name: 按时
    facts:
      - {type: approvals.case-accepted.v1, time: 2012-03-05 09:30}
      - {type: approvals.case-decided.v1, time: 2012-03-06 09:30, outcome: granted, reasons: []}
    as_of: 2012-06-30 10:00
    expect: nothing
"""
# a condition on fees, of which the record has none
NOBODY = """
id: no-receipt
version: 1
title: 收费
system: regularity
clause: 测量
effective_from: 2011-09-01
forbidden:
  on: [approvals.fee-charged.v1]
  when: fact.amount_fen > 100
  level: yellow
message: '办件{case.number}收费。'
examples:
  - name: 收费
    facts:
      - {type: approvals.fee-charged.v1, time: 2012-03-20 09:30, amount_fen: 200, purpose: 工本费}
    expect: yellow
  - name: 不收费
    facts:
      - {type: approvals.fee-charged.v1, time: 2012-03-20 09:30, amount_fen: 0, purpose: 工本费}
    expect: nothing
"""

# other windows than those that judge: for the points every case is judged, for the tactic none
POINTS = shipped()["points-of-unit"].text.replace("days: 30", "days: 20")
TACTIC = shipped()["pauses-before-limit"].text.replace("days: 90", "days: 60")


async def measure(now: datetime, facts: int = FACTS) -> None:
    """Measure, and report."""
    async with city() as place:
        connection = await place.administrator()
        await put(connection, conversation(facts // EVENTS_A_CASE, now), now)
        await bring_shipped(connection, LONG_AGO, LONG_AGO.date())
        await all_heard(connection, now + timedelta(seconds=1))
        began = time.perf_counter()
        async for _ in read(connection):
            pass
        reading = time.perf_counter() - began
        await connection.close()
        record = Place(place.access.postgres_url, ELECTRONIC_SUPERVISION.name)
        figures = [
            await _timed(record, EVERYBODY, "a rule for every case", now),
            await _timed(record, NOBODY, "a rule that no case can feel", now),
            await _timed(record, POINTS, "points of all judgements over time", now),
            await _timed(record, TACTIC, "a tactic among all clocks", now),
        ]
    figures.append(Figure(path="read the record", value=facts / reading, unit="facts/s"))
    report("rehearsal", f"rehearsal: {facts:,} facts against two laws", figures)


async def _timed(record: Place, document: str, path: str, now: datetime) -> Figure:
    began = time.perf_counter()
    proposal = Proposal(kind=Kind.RULE, document=document)
    swept = await sweep(record, proposal, now.astimezone(UTC))
    rate = swept.facts / (time.perf_counter() - began)
    note = f"{swept.whats.total():,} judgements differ"
    return Figure(path=path, value=rate, unit="facts/s", is_ours=True, note=note)
