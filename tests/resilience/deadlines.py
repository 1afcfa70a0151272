"""Cases whose deadline is near, and when a card was first seen, by the clock of the database."""

import asyncio
from datetime import datetime, timedelta

from tests.electronic_supervision.live.said import WUHU, Said, accepted, event
from tests.resilience.town import Town

CARDS = """
select clock_timestamp() as seen_at, level, raised_at from judgement
join docket on docket.id = judgement.docket
where number = $1 and stands and level like 'yellow%'
"""
RAISED = """
select count(*) as times from event
where type = 'JudgementRaised' and data::jsonb #>> '{judgement,case}' = $1
    and data::jsonb #>> '{judgement,level}' like 'yellow%'
"""
LATEST = timedelta(seconds=3)
"""After its instant: the promise is one second, on a machine that has nothing else to do."""


async def time_of(town: Town) -> datetime:
    (row,) = await town.asked("select clock_timestamp() as now")
    now: datetime = row["now"]
    return now


def due_at(instant: datetime, case: str) -> Said:
    """Tell of a case accepted an hour before an instant at which its system says it is due."""
    begun, due = (each.astimezone(WUHU) for each in (instant - timedelta(hours=1), instant))
    return accepted(_text(begun), case, stated_due=due.isoformat())


def decided_before(instant: datetime, case: str) -> Said:
    """Tell that a case was decided some seconds before an instant."""
    at = (instant - timedelta(seconds=1)).astimezone(WUHU)
    return event("case-decided", _text(at), case, outcome="granted", reasons=["符合条件"])


def _text(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat()


async def card_seen(town: Town, case: str, seconds: float = 15) -> datetime:
    """Wait for the card of a case, and return when it was there."""
    async with asyncio.timeout(seconds):
        while True:
            if rows := await town.asked(CARDS, case):
                at: datetime = rows[0]["seen_at"]
                return at
            await asyncio.sleep(0.02)


async def cards_ever(town: Town, case: str) -> int:
    """Count how often a card was raised for a case."""
    (row,) = await town.asked(RAISED, case)
    times: int = row["times"]
    return times
