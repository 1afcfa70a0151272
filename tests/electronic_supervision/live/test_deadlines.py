"""When a card is raised, and when it must wait: promise 8."""

from dataclasses import replace
from datetime import timedelta

from services.electronic_supervision.doors.systems import admit
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import APPROVALS, accepted, decided, event, local

# five working days after Monday the 23rd: due at the end of Monday the 30th
ACCEPTED_AT = "2026-11-23 10:00"


async def test_a_deadline_fires_once_it_has_passed(supervision: Supervision) -> None:
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    await supervision.until("2026-11-23 10:01")
    assert await supervision.levels() == []
    await supervision.until("2026-11-30 23:59:59")
    assert await supervision.levels() == ["reminder"]
    await supervision.until("2026-12-01 00:00:01")
    assert await supervision.levels() == ["reminder", "yellow"]
    await supervision.until("2026-12-04 00:00:01")
    assert await supervision.levels() == ["reminder", "yellow", "red"]


async def test_a_deadline_fires_only_once(supervision: Supervision) -> None:
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    assert len(await supervision.until("2026-12-02 10:00")) == 2
    assert await supervision.until("2026-12-02 10:00") == []
    assert await supervision.until("2026-12-03 10:00") == []


async def test_a_case_decided_in_time_gets_no_card(supervision: Supervision) -> None:
    told = accepted(ACCEPTED_AT), decided("2026-11-25 10:00")
    await supervision.hears(*told, at="2026-11-25 10:00")
    await supervision.until("2026-12-20 10:00")
    assert await supervision.levels() == []


async def test_work_done_in_time_and_heard_of_after_an_outage_gets_no_card(
    supervision: Supervision,
) -> None:
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    await supervision.until("2026-11-24 10:00")
    # the bus was away over the deadline; then the backlog comes in two batches
    await supervision.hears(accepted(ACCEPTED_AT, "办件2"), at="2026-12-02 08:00")
    assert await supervision.until("2026-11-24 10:00") == []
    await supervision.hears(decided("2026-11-30 16:00"), at="2026-12-02 08:01")
    await supervision.hears(decided("2026-11-30 16:00", "办件2"), at="2026-12-02 08:01")
    await supervision.until("2026-12-02 08:02")
    assert {level for _, _, level in await supervision.standing()} == {"reminder"}


async def test_a_case_heard_of_when_it_is_already_late_waits_for_the_rest_of_the_backlog(
    supervision: Supervision,
) -> None:
    await supervision.until("2026-12-02 07:00")
    await supervision.hears(accepted(ACCEPTED_AT), at="2026-12-02 08:00")
    assert await supervision.until("2026-12-02 08:00") == []
    await supervision.until("2026-12-02 08:01")
    assert await supervision.levels() == ["reminder", "yellow"]


async def test_a_source_that_uploads_at_night_is_given_its_time(supervision: Supervision) -> None:
    nightly = replace(APPROVALS, settle=timedelta(hours=6))
    await admit(supervision.connection, nightly)
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    assert await supervision.until("2026-12-01 05:59") != []
    assert await supervision.levels() == ["reminder"]
    await supervision.hears(decided("2026-11-30 16:00"), at="2026-12-01 05:59")
    await supervision.until("2026-12-01 12:00")
    assert await supervision.levels() == ["reminder"]


async def test_what_no_longer_holds_is_lifted_without_waiting_for_the_upload(
    supervision: Supervision,
) -> None:
    await admit(supervision.connection, replace(APPROVALS, settle=timedelta(hours=6)))
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    await supervision.until("2026-12-01 07:00")
    assert await supervision.levels() == ["reminder", "yellow"]
    await supervision.hears(decided("2026-11-30 16:00"), at="2026-12-01 07:30")
    await supervision.until("2026-12-01 07:31")
    assert await supervision.levels() == ["reminder"]


async def test_a_pause_moves_the_deadline(supervision: Supervision) -> None:
    paused = event("clock-paused", "2026-11-25 10:00", ground="hearing", pause="1")
    await supervision.hears(accepted(ACCEPTED_AT), paused, at="2026-11-25 10:00")
    await supervision.until("2026-12-20 10:00")
    assert await supervision.levels() == []


async def test_nothing_is_judged_before_the_stream_was_heard_to_its_end(
    supervision: Supervision,
) -> None:
    await supervision.hears(accepted(ACCEPTED_AT), at="2026-12-20 10:00")
    stepped = [await supervision.step(number, local("2026-12-20 10:00")) for number in range(4)]
    assert [event for done in stepped for event in done.events] == []


async def test_a_fact_a_day_does_not_hold_a_card_off_for_ever(supervision: Supervision) -> None:
    await admit(supervision.connection, replace(APPROVALS, settle=timedelta(hours=24)))
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    for day in range(24, 31):
        at = f"2026-11-{day} 09:00"
        await supervision.hears(event("step-started", at, step=f"第{day}步"), at=at)
        await supervision.until(f"2026-11-{day} 23:00")
    for day in range(1, 8):
        at = f"2026-12-0{day} 09:00"
        await supervision.hears(event("step-started", at, step=f"第{day}步"), at=at)
        await supervision.until(f"2026-12-0{day} 23:00")
    assert await supervision.levels() == ["reminder", "yellow", "red"]


async def test_what_is_told_late_is_given_the_time_its_source_needs(
    supervision: Supervision,
) -> None:
    await admit(supervision.connection, replace(APPROVALS, settle=timedelta(hours=6)))
    await supervision.hears(accepted(ACCEPTED_AT), at="2026-12-02 02:00")
    await supervision.until("2026-12-02 07:59")
    assert await supervision.levels() == []
    await supervision.hears(decided("2026-11-30 16:00"), at="2026-12-02 07:59")
    await supervision.until("2026-12-02 20:00")
    assert await supervision.levels() == ["reminder"]
