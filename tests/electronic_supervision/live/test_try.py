"""What is tried meets the fate that it would meet if it were reported, and leaves no trace."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.electronic_supervision.doors.systems import admit
from services.electronic_supervision.reading.trying import MOST_TRIED
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.door import MANY, ONE, Door, door
from tests.electronic_supervision.live.said import (
    APPROVALS,
    Said,
    accepted,
    decided,
    event,
    local,
    raw,
)

AT = "2026-11-23 10:00"
NOW = local(AT)
TABLES = "select relname from pg_class where relnamespace = $1::regnamespace and relkind = 'r'"


@pytest.fixture
async def entry(supervision: Supervision) -> AsyncIterator[Door]:
    async with door(supervision, NOW) as opened:
        yield opened


async def dump(supervision: Supervision) -> dict[str, bytes]:
    """Return every row of every table."""
    schema, tables = supervision.settings["search_path"], {}
    for row in await supervision.connection.fetch(TABLES, schema):
        out = BytesIO()
        await supervision.connection.copy_from_table(row["relname"], output=out)
        tables[row["relname"]] = out.getvalue()
    assert {"event", "seen", "quarantine", "rejection", "pace", "docket"} <= set(tables)
    assert APPROVALS.source.encode() in tables["city_system"], "the dump is empty"
    return tables


async def tried(entry: Door, *told: Said | bytes, **more: str) -> list[dict[str, Any]]:
    """Return the fate of each."""
    body = json.dumps([each if isinstance(each, dict) else json.loads(each) for each in told])
    answer = await entry.post("/events/try", body.encode(), MANY, **more)
    assert answer.status_code == 200, answer.text
    assert answer.json()["test"] is True
    events: list[dict[str, Any]] = answer.json()["events"]
    assert all(each["test"] is True for each in events), "a test is not marked as one"
    return events


async def test_an_acceptance_shows_the_case_and_the_end_that_the_calendar_gives_it(
    entry: Door,
) -> None:
    (fate,) = await tried(entry, accepted(AT))
    assert (fate["outcome"], fate["flags"]) == ("accepted", [])
    outlook = fate["outlook"]
    assert (outlook["number"], outlook["unit"], outlook["item"]) == ("办件1", "housing", "许可")
    total = outlook["clocks"][0]
    assert (total["name"], total["state"]) == ("total", "running")
    assert date.fromisoformat(total["due_on"]) == date(2026, 11, 30), (
        "five working days from Monday"
    )
    assert outlook["judgements"] == []


async def test_events_are_tried_one_after_the_other_and_on_top_of_what_is_on_record(
    entry: Door, supervision: Supervision
) -> None:
    await supervision.hears(accepted("2026-11-02 10:00"), at=AT)
    late, same = decided(AT), accepted(AT, "办件2")
    first, second, third, fourth = await tried(
        entry, late, same, same, event("clock-paused", AT, "办件2", ground="hearing", pause="1")
    )
    assert first["outlook"]["clocks"][0]["verdict"] == "late"
    assert "red" in first["outlook"]["judgements"]
    assert [each["outcome"] for each in (second, third)] == ["accepted", "duplicate"]
    assert second["outlook"]["clocks"][0]["state"] == "running"
    assert fourth["outlook"]["clocks"][0]["state"] == "paused"


async def test_what_would_be_refused_says_why_and_where(entry: Door) -> None:
    event = accepted(AT)
    fates = await tried(
        entry,
        {**event, "source": "/somebody/else"},
        {**event, "data": {"case": "x"}},
        {**event, "type": "xiaoneng.approvals.case-dreamt.v1"},
        event,
        {**event, "subject": "other"},
        accepted("2027-11-23 10:00", "办件9"),
    )
    assert [each.get("code") for each in fates] == [
        "foreign-source",
        "schema-mismatch",
        "unknown-type",
        None,
        "id-reused",
        None,
    ]
    assert fates[1]["field"] == "data.unit"
    assert fates[5]["flags"] == ["future-time"]


async def test_one_event_is_tried_alone_and_its_fate_is_the_answer_even_if_it_is_no_json(
    entry: Door,
) -> None:
    for body, outcome in ((raw(accepted(AT)), "accepted"), (b"{", "rejected")):
        answer = await entry.post("/events/try", body, ONE)
        assert (answer.status_code, answer.json()["events"][0]["outcome"]) == (200, outcome)


async def test_trying_meets_the_same_outcome_as_reporting(
    entry: Door, supervision: Supervision
) -> None:
    await admit(supervision.connection, replace(APPROVALS, largest=2000))
    known = accepted(AT, "办件0")
    await entry.post("/events", raw(known))
    told: list[Said] = [
        known,
        {**known, "subject": "other"},
        accepted(AT, "办件3", holder="岗" * 90, channel="窗" * 90),
        {**accepted(AT, "办件4"), "sequence": "0" * 20},
        accepted(AT, "办件5", limit={"amount": 3651, "unit": "working-days"}),
        accepted(AT, "办件6"),
        decided(AT, "办件6"),
    ]
    fates = await tried(entry, *told)
    real = (await entry.post("/events", json.dumps(told).encode(), MANY)).json()["events"]
    kept = ("outcome", "code", "field", "message", "flags", "case")
    assert [{key: each.get(key) for key in kept} for each in fates] == [
        {key: each.get(key) for key in kept} for each in real
    ]


said = st.sampled_from(
    [
        accepted(AT),
        accepted("2026-11-02 10:00", "办件2"),
        decided(AT),
        decided("2026-11-24 10:00", "办件2"),
        event("clock-paused", AT, ground="hearing", pause="1"),
        {**accepted(AT), "source": "/x"},
        {"not": "an event"},
    ]
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=st.lists(said, max_size=6))
async def test_trying_changes_no_table(
    entry: Door, supervision: Supervision, told: list[Said]
) -> None:
    await admit(supervision.connection, replace(APPROVALS, rate=1))
    before = await dump(supervision)
    await tried(entry, *told)
    assert await dump(supervision) == before


async def test_what_was_tried_is_never_judged(entry: Door, supervision: Supervision) -> None:
    await tried(entry, accepted("2026-11-02 10:00"))
    assert await supervision.until("2026-12-31 10:00") == []
    assert await supervision.standing() == []


async def test_who_looks_after_all_says_for_whom_he_tries(entry: Door) -> None:
    body = raw(accepted(AT))
    for path in ("/events/try", "/events/try?system=nobody"):
        answer = await entry.post(path, body, who="office")
        assert (answer.status_code, answer.json()["code"]) == (422, "system-needed")
    answer = await entry.post("/events/try?system=approvals", body, who="office")
    assert answer.json()["events"][0]["outcome"] == "accepted"


async def test_a_partner_tries_as_nobody_but_itself(entry: Door, supervision: Supervision) -> None:
    other = replace(APPROVALS, name="other", source="/wuhu/other")
    await admit(supervision.connection, other)
    body = raw({**accepted(AT), "source": "/wuhu/other"})
    answer = (await entry.post("/events/try?system=other", body)).json()
    assert answer["system"] == APPROVALS.name
    assert answer["events"][0]["code"] == "foreign-source"


@pytest.mark.parametrize("who", ["leader", "reader", "stranger"])
async def test_nobody_tries_who_neither_reports_nor_looks_after_the_sources(
    entry: Door, who: str
) -> None:
    answer = await entry.post("/events/try", raw(accepted(AT)), who=who)
    assert answer.status_code == (401 if who == "stranger" else 403)


async def test_more_than_a_few_are_not_tried_at_once(entry: Door) -> None:
    body = json.dumps([{}] * (MOST_TRIED + 1)).encode()
    answer = await entry.post("/events/try", body, MANY)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-many-events")


async def test_a_case_whose_limit_leaves_the_calendar_is_told_without_it(entry: Door) -> None:
    (fate,) = await tried(entry, accepted("9999-12-30 10:00"))
    assert fate["outcome"] == "accepted"
    assert set(fate["flags"]) == {"future-time", "time-out-of-range"}
    assert [each["name"] for each in fate["outlook"]["clocks"]] == []
