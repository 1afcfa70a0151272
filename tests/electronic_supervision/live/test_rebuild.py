"""What the loop keeps in tables can be made anew from the record, and is the same."""

import pytest

from contracts.streams import CITY
from kernel.lease import release
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.rebuild import StillJudgingError, rebuild
from tests.electronic_supervision.live.conftest import OFFICE, Supervision
from tests.electronic_supervision.live.said import accepted, decided, event

COURT = Court(law=stated_law(OFFICE), settle={})
TABLES = {
    "docket": "select * from docket order by id",
    "judgement": "select * from judgement order by id",
    "alert": "select * from alert order by docket",
    "partition": "select count(*) from partition where position > 0",
}


async def dump(supervision: Supervision) -> dict[str, list[object]]:
    return {
        name: [dict(row) for row in await supervision.connection.fetch(query)]
        for name, query in TABLES.items()
    }


async def lived(supervision: Supervision) -> None:
    for number in range(30):
        case = f"办件{number}"
        await supervision.hears(accepted("2026-11-23 10:00", case), at="2026-11-23 10:00")
        if number % 3 == 0:
            await supervision.hears(decided("2026-11-25 10:00", case), at="2026-11-25 10:00")
        if number % 5 == 0:
            begun = event("step-started", "2026-11-24 10:00", case, step="审核")
            await supervision.hears(begun, at="2026-11-24 10:00")
    await supervision.until("2026-12-02 10:00")
    late = decided("2026-11-27 10:00", "办件1")
    await supervision.hears(late, at="2026-12-02 11:00")
    await supervision.until("2026-12-02 12:00")


async def test_the_tables_made_anew_are_those_that_were_lived(supervision: Supervision) -> None:
    await lived(supervision)
    before = await dump(supervision)
    for lease in supervision.leases.values():
        await release(supervision.connection, lease)
    facts = await rebuild(supervision.connection, COURT, (CITY,), "builder")
    assert facts == 30 + 10 + 6 + 1
    after = await dump(supervision)
    assert after["docket"] == before["docket"]
    assert after["judgement"] == before["judgement"]
    supervision.leases.clear()
    assert await supervision.until("2026-12-02 12:00") == [], "nothing is said again"


async def test_a_case_that_our_code_fails_on_does_not_keep_the_tables_from_being_made(
    supervision: Supervision,
) -> None:
    await lived(supervision)
    for lease in supervision.leases.values():
        await release(supervision.connection, lease)
    await supervision.connection.execute(
        "update event set data = replace(data, '许可', '') where data like '%办件29%'"
    )
    await rebuild(supervision.connection, COURT, (CITY,), "builder")
    rows = await supervision.connection.fetch("select number from docket where unit = ''")
    assert [row["number"] for row in rows] == ["办件29"]
    assert await supervision.connection.fetchval("select count(*) from docket") == 30


async def test_tables_are_not_made_anew_under_the_hands_of_a_worker(
    supervision: Supervision,
) -> None:
    await lived(supervision)
    with pytest.raises(StillJudgingError):
        await rebuild(supervision.connection, COURT, (CITY,), "builder")
    assert len((await dump(supervision))["docket"]) == 30
