"""An auditor finds what people did, the latest first, and nothing twice."""

import json
from datetime import UTC, datetime, timedelta

import asyncpg

from kernel.store.acts import Act, Wanted, acts
from kernel.store.events import NewEvent
from kernel.store.store import append

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANYTHING = Wanted()


async def told(record: asyncpg.Connection, number: int, at: datetime, **about: str) -> None:
    event = NewEvent(
        stream=f"unit-{number}",
        id=f"event-{number}",
        type="Renamed",
        data="{}",
        metadata=json.dumps(about, ensure_ascii=False),
    )
    await append(record, [event], at)


def numbers(found: list[Act]) -> list[int]:
    return [act.position for act in found]


async def test_what_nobody_did_is_no_act(record: asyncpg.Connection) -> None:
    await told(record, 1, MONDAY, door="bus")
    await told(record, 2, MONDAY, by="zhang", role="office", unit="")
    (act,) = await acts(record, ANYTHING, before=None, limit=9)
    assert (act.position, act.by, act.role, act.unit) == (2, "zhang", "office", "")
    assert (act.stream, act.type, act.recorded_at) == ("unit-2", "Renamed", MONDAY)


async def test_acts_of_the_same_instant_are_each_on_one_page(
    record: asyncpg.Connection,
) -> None:
    for number in range(1, 6):
        await told(record, number, MONDAY, by="zhang")
    first = await acts(record, ANYTHING, before=None, limit=3)
    last = first[-1]
    rest = await acts(record, ANYTHING, before=(last.recorded_at, last.position), limit=3)
    assert numbers([*first, *rest]) == [5, 4, 3, 2, 1]


async def test_an_auditor_asks_for_somebody_in_a_role_within_days(
    record: asyncpg.Connection,
) -> None:
    for number in range(4):
        at = MONDAY + timedelta(days=number)
        await told(record, number, at, by="zhang" if number % 2 else "li", role="office")
    await told(record, 9, MONDAY, by="zhang", role="auditor")
    wanted = Wanted(by="zhang", role="office", since=MONDAY, until=MONDAY + timedelta(days=3))
    assert numbers(await acts(record, wanted, before=None, limit=9)) == [2]


async def test_acts_are_found_without_reading_the_record(record: asyncpg.Connection) -> None:
    await record.execute("set enable_seqscan = off")
    plan = await record.fetch(
        "explain select 1 from event where strpos(metadata, '\"by\":') > 0 "
        "order by recorded_at desc, position desc limit 50"
    )
    assert any("event_of_acts" in row[0] for row in plan)


async def test_the_reason_that_somebody_gave_is_part_of_his_act(record: asyncpg.Connection) -> None:
    await told(record, 1, MONDAY, by="zhang", reason="重复报送")
    await told(record, 2, MONDAY, by="zhang")
    found = await acts(record, ANYTHING, before=None, limit=9)
    assert [act.reason for act in found] == ["", "重复报送"]
