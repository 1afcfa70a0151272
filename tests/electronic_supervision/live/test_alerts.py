"""What the walls show is what stands: one alert for each case, the gravest."""

from datetime import datetime

from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import accepted, decided, event, local

# one working day after Monday the 23rd: due at the end of Tuesday the 24th
ACCEPTED_AT = "2026-11-23 10:00"
ONE_DAY = {"amount": 1, "unit": "working-days"}


async def alerts(supervision: Supervision) -> list[tuple[str, int]]:
    rows = await supervision.connection.fetch("select level, hidden from alert")
    return [tuple(row) for row in rows]


async def case(supervision: Supervision) -> tuple[bool, datetime | None, bool | None]:
    (row,) = await supervision.connection.fetch("select is_ended, ended_at, is_late from docket")
    return row["is_ended"], row["ended_at"], row["is_late"]


async def test_the_gravest_hides_the_others(supervision: Supervision) -> None:
    await supervision.hears(accepted(ACCEPTED_AT, limit=ONE_DAY), at=ACCEPTED_AT)
    await supervision.until("2026-11-24 10:00")
    assert await alerts(supervision) == [("reminder", 0)]
    await supervision.until("2026-11-25 10:00")
    assert await alerts(supervision) == [("yellow", 1)]
    await supervision.until("2026-12-10 10:00")
    assert await alerts(supervision) == [("red", 2)]


async def test_an_alert_that_was_lifted_is_gone(supervision: Supervision) -> None:
    told = accepted(ACCEPTED_AT, limit=ONE_DAY)
    await supervision.hears(told, at=ACCEPTED_AT)
    await supervision.until("2026-12-10 10:00")
    late_news = decided("2026-11-24 16:00")
    await supervision.hears(late_news, at="2026-12-10 11:00")
    await supervision.until("2026-12-10 11:01")
    assert await alerts(supervision) == [("reminder", 0)]
    voided = event("fact-voided", "2026-12-10 12:00", voids=told["id"], reason="误录")
    await supervision.hears(voided, at="2026-12-10 12:00")
    await supervision.until("2026-12-10 12:01")
    assert await alerts(supervision) == [], "nothing stands, so nothing is on the wall"


async def test_a_finish_dated_in_the_future_takes_no_case_off_the_wall(
    supervision: Supervision,
) -> None:
    await supervision.hears(accepted(ACCEPTED_AT, limit=ONE_DAY), at=ACCEPTED_AT)
    await supervision.hears(decided("2026-12-24 10:00"), at="2026-11-25 10:00")
    await supervision.until("2026-11-25 10:01")
    assert await case(supervision) == (False, None, None), "it goes on until that instant"
    await supervision.until("2026-12-24 10:01")
    assert await case(supervision) == (True, local("2026-12-24 10:00"), True)
