"""A partner's pace is kept over HTTP, and counted on the bus, where nothing may get lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest

from kernel.intake.heard import Message
from services.electronic_supervision.doors import bus, rejections
from services.electronic_supervision.doors.pace import MINUTE, beyond, wait_of
from services.electronic_supervision.doors.partner_metrics import PartnerMetrics
from services.electronic_supervision.doors.systems import admit, systems
from tests.electronic_supervision.doors.desk import NOW, Desk, saying
from tests.electronic_supervision.live.said import APPROVALS, accepted

AT = "2026-11-23 10:00"
SECOND = timedelta(seconds=1)
instants = st.lists(st.integers(0, 300), max_size=60).map(
    lambda seconds: [NOW + each * SECOND for each in sorted(seconds)]
)


@given(said=instants, rate=st.integers(1, 40))
def test_a_minutes_worth_may_come_at_once_and_never_twice_that_within_a_minute(
    said: Sequence[datetime], rate: int
) -> None:
    full_at, within = None, []
    for at in said:
        full_at, over = beyond(full_at, [at], rate)
        within += [] if over else [at]
    for begin in within:
        assert len([at for at in within if begin <= at < begin + MINUTE]) <= 2 * rate
    if len(said) <= rate:
        assert within == list(said), "somebody who kept the rate was refused"
    assert beyond(None, said, rate) == (full_at, len(said) - len(within)), "batches count otherwise"


async def test_over_http_who_is_too_fast_is_told_how_long_to_wait_and_then_may(desk: Desk) -> None:
    async def wait(number: int, at: datetime) -> timedelta | None:
        return await wait_of(desk.connection, "oa", 60, number, at)

    assert await wait(60, NOW) is None, "a minute's worth at once is agreed"
    assert await wait(1, NOW) == SECOND
    assert await wait(10, NOW) == 10 * SECOND
    assert await wait(1, NOW + timedelta(milliseconds=900)) == SECOND
    assert await wait(1, NOW + SECOND) is None, "who waited as told is refused again"
    assert await wait(1, NOW + SECOND) == SECOND
    async with desk.another() as elsewhere:
        told = await wait_of(elsewhere, "oa", 60, 1, NOW + SECOND)
        assert told == SECOND, "another process counts for itself"
    assert await wait_of(desk.connection, "other", 60, 60, NOW) is None, "one pays for another"


def burst(number: int) -> list[Message]:
    told = [saying(accepted(AT, f"办件{n}")) for n in range(number)]
    return [
        replace(each, sent_at=NOW + n * timedelta(milliseconds=1)) for n, each in enumerate(told)
    ]


async def test_on_the_bus_what_is_too_fast_is_taken_all_the_same_and_counted(desk: Desk) -> None:
    await admit(desk.connection, replace(APPROVALS, rate=3))
    metrics = PartnerMetrics(CollectorRegistry())
    told = burst(10)
    for part in (told[:5], told[5:], told):
        await bus.take(desk.connection, part, NOW, metrics)
    assert await desk.told() == 10, "an event that was acknowledged is lost"
    (found,) = await rejections.since(desk.connection, NOW)
    assert (found.partner, found.code) == (APPROVALS.name, "over-rate")
    assert found.times == 7, "what was told again is counted again"


async def test_on_the_bus_an_event_that_is_too_large_is_held_until_it_may_be(desk: Desk) -> None:
    small, large = saying(accepted(AT, "办件1")), saying(accepted(AT, "办件2", holder="岗" * 90))
    await admit(desk.connection, replace(APPROVALS, largest=len(large.data) - 1))
    assert await desk.takes(small, large) == {"new": 1, "quarantined": 1}
    assert (await desk.held(large)).code == "too-large"
    await admit(desk.connection, replace(APPROVALS, largest=len(large.data)))
    assert await desk.takes(large) == {"new": 1}


async def test_metrics_name_known_partners_and_nobody_else(desk: Desk) -> None:
    registry = CollectorRegistry()
    metrics = PartnerMetrics(registry)
    good, bad = saying(accepted(AT)), saying(accepted(AT, "办件9"), data={})
    stranger = replace(good, subject=good.subject.replace("approvals", "stranger", 1))
    await bus.take(desk.connection, [good, good, bad, stranger], NOW, metrics)
    said = generate_latest(registry).decode()
    assert 'xiaoneng_partner_events_total{outcome="new",partner="approvals"} 1.0' in said
    assert 'xiaoneng_partner_events_total{outcome="duplicate",partner="approvals"} 1.0' in said
    mismatch = 'xiaoneng_partner_rejected_total{code="schema-mismatch",partner="approvals"} 1.0'
    assert mismatch in said
    assert "stranger" not in said, "a name that anybody may make up became a label"


async def test_limits_are_kept_with_the_system(desk: Desk) -> None:
    await admit(desk.connection, replace(APPROVALS, rate=600, largest=4096))
    known = (await systems(desk.connection))[APPROVALS.name]
    assert (known.rate, known.largest) == (600, 4096)


@pytest.mark.parametrize("day", [0, 6, 7])
async def test_what_was_refused_is_told_for_seven_local_days(desk: Desk, day: int) -> None:
    await rejections.count(desk.connection, {("oa", "id-reused"): 2, ("oa", "x"): 1}, NOW)
    await rejections.count(desk.connection, {("oa", "id-reused"): 3}, NOW)
    found = await rejections.since(desk.connection, NOW + timedelta(days=day))
    told = [(each.code, each.times) for each in found]
    assert told == ([("id-reused", 5), ("x", 1)] if day < 7 else [])
