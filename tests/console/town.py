"""A small town whose cases stand at every level, told through the door for programs."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

import httpx

from tests.electronic_supervision.live.said import WUHU, Said, decided, event, local
from tests.system.stack import REPORTER, Process, Stack
from tests.waiting import until

BATCH = {"Content-Type": "application/cloudevents-batch+json"}
UNITS = ("市住房和城乡建设局", "市自然资源和规划局", "市市场监督管理局", "市人力资源和社会保障局")
ITEMS = ("商品房预售许可", "建设工程规划许可", "食品经营许可", "劳务派遣经营许可")
TODAY = local("2026-11-25 10:00")
"""A Wednesday morning; the town's clock begins here."""

NUMBERS = count(1)


def number() -> str:
    """Return the number of a case that no other has."""
    return f"340200-2026-{next(NUMBERS):07}"


def at(moment: datetime) -> str:
    return f"{moment.astimezone(WUHU):%Y-%m-%d %H:%M}"


def overdue(days: int, case: str | None = None, unit: int = 0) -> Said:
    """Tell of a case that is so many days and one more over its limit of a working day."""
    return opened(days + 5, 1, case, unit)


def opened(ago: int, limit: int, case: str | None = None, unit: int = 0) -> Said:
    """Tell of a case accepted so many days ago, with a limit of so many working days."""
    return event(
        "case-accepted",
        at(TODAY - timedelta(days=ago)),
        case or number(),
        unit=UNITS[unit % len(UNITS)],
        item=ITEMS[unit % len(ITEMS)],
        stated_limit={"amount": limit, "unit": "working-days"},
    )


def finished(case: str) -> Said:
    return decided(at(TODAY), case)


EVERY_LEVEL = [
    *(overdue(days, unit=days) for days in range(9)),
    *(opened(1, 2, unit=unit) for unit in range(3)),
]
"""Cases that are red or yellow today, and some that are due tomorrow."""


async def tell(supervision: Process, told: Sequence[Said]) -> None:
    """Report events, a thousand at a time."""
    async with supervision.client(REPORTER) as client:
        for begin in range(0, len(told), 1000):
            body = json.dumps(told[begin : begin + 1000], ensure_ascii=False).encode()
            answer = (await client.post("/events", content=body, headers=BATCH)).json()
            assert answer["accepted"] == len(told[begin : begin + 1000]), answer


async def begun(city: Stack) -> Process:
    """Start electronic supervision, whose clock begins with TODAY."""
    database = await city.database()
    shift = TODAY - await database.fetchval("select clock_timestamp()")
    await database.close()
    seconds = str(shift // timedelta(seconds=1))
    return await city.start(XIAONENG_TIME_SHIFT=seconds).listening()


async def shown(office: httpx.AsyncClient, cases: int) -> None:
    """Wait until something stands against so many open cases."""
    words = f"全部 <b>{cases}</b>"

    async def enough() -> bool:
        page = await office.get("/console/alerts", headers={"Accept": "text/html"})
        return words in page.text

    await until(enough)
