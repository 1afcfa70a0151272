"""Over HTTP, what a partner sends too fast or too large is refused with what to do, and counted."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import generate_latest

from services.electronic_supervision.doors import rejections
from services.electronic_supervision.doors.systems import admit
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.door import MANY, Door, door
from tests.electronic_supervision.live.said import APPROVALS, accepted, local, raw
from tests.waiting import until

AT = "2026-11-23 10:00"
NOW = local(AT)


@pytest.fixture
async def entry(supervision: Supervision) -> AsyncIterator[Door]:
    async with door(supervision, NOW) as opened:
        yield opened


def batch(number: int) -> bytes:
    return json.dumps([accepted(AT, f"办件{n}") for n in range(number)]).encode()


async def counted(supervision: Supervision) -> dict[str, int]:
    found = await rejections.since(supervision.connection, NOW)
    assert {each.partner for each in found} <= {APPROVALS.name}
    return {each.code: each.times for each in found}


async def test_who_is_too_fast_is_told_when_to_come_again_and_is_taken_then(
    entry: Door, supervision: Supervision
) -> None:
    await admit(supervision.connection, replace(APPROVALS, rate=6))
    assert (await entry.post("/events", batch(6), MANY)).json()["accepted"] == 6
    refused = await entry.post("/events", raw(accepted(AT, "办件10")))
    assert (refused.status_code, refused.json()["code"]) == (429, "rate-exceeded")
    assert refused.headers["Retry-After"] == "10"
    assert "6" in refused.json()["detail"]
    assert await counted(supervision) == {"rate-exceeded": 1}
    facts = await supervision.connection.fetchval("select count(*) from event")
    assert facts == 6, "what was refused was recorded"
    entry.now = NOW + timedelta(seconds=10)
    assert (await entry.post("/events", raw(accepted(AT, "办件10")))).status_code == 202


async def test_a_batch_that_could_never_keep_the_rate_is_refused_for_good(
    entry: Door, supervision: Supervision
) -> None:
    await admit(supervision.connection, replace(APPROVALS, rate=6))
    refused = await entry.post("/events", batch(7), MANY)
    assert (refused.status_code, refused.json()["code"]) == (413, "too-many-events")
    assert (await entry.post("/events", batch(6), MANY)).status_code == 200, "it used up the rate"


async def test_an_event_that_is_too_large_is_refused_alone_and_in_a_batch(
    entry: Door, supervision: Supervision
) -> None:
    large = accepted(AT, "办件2", holder="岗" * 90)
    largest = len(json.dumps(large, ensure_ascii=False, separators=(",", ":")).encode()) - 1
    await admit(supervision.connection, replace(APPROVALS, largest=largest))
    refused = await entry.post("/events", raw(large))
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    both = json.dumps([accepted(AT, "办件1"), large], ensure_ascii=False).encode()
    told = (await entry.post("/events", both, MANY)).json()
    assert [each.get("code") for each in told["events"]] == [None, "too-large"]
    assert await counted(supervision) == {"too-large": 2}


async def test_who_has_no_limit_is_held_to_none_and_every_refusal_is_counted(
    entry: Door, supervision: Supervision
) -> None:
    assert (await entry.post("/events", batch(500), MANY)).json()["accepted"] == 500
    await entry.post("/events", b"{")
    await entry.post("/events", raw({**accepted(AT), "source": "/somebody/else"}))
    event = accepted(AT, "办件1")
    await entry.post("/events", raw(event))
    await entry.post("/events", raw(event))
    await entry.post("/events", raw({**event, "subject": "other"}))
    expected = {"malformed-json": 1, "foreign-source": 1, "id-reused": 1}
    assert await counted(supervision) == expected
    said = generate_latest(entry.registry).decode()
    assert 'xiaoneng_partner_events_total{outcome="new",partner="approvals"} 501.0' in said
    assert 'xiaoneng_partner_events_total{outcome="duplicate",partner="approvals"} 1.0' in said
    for code in expected:
        assert f'xiaoneng_partner_rejected_total{{code="{code}",partner="approvals"}} 1.0' in said


async def test_other_limits_hold_within_a_second_or_so(
    entry: Door, supervision: Supervision
) -> None:
    assert (await entry.post("/events", batch(3), MANY)).status_code == 200
    await admit(supervision.connection, replace(APPROVALS, largest=256))

    async def is_held() -> bool:
        answer = await entry.post("/events", raw(accepted(AT, "办件5", holder="岗" * 90)))
        return answer.status_code == 413

    await until(is_held)
