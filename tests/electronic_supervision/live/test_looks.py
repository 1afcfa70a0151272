"""A source that connectors read is judged only as far as they have looked: promise 8."""

from dataclasses import replace
from datetime import timedelta

from services.electronic_supervision.doors.systems import NEVER, admit, looked_through
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import APPROVALS, accepted, decided, local
from tests.electronic_supervision.live.test_deadlines import ACCEPTED_AT

CONNECTED = """
insert into connector (name, source, place, is_folder, every) values ($1, $2, '', false, $3)
"""
LOOKED = "update connector set looked_through = $2 where name = $1"
FINISHED = "2026-11-30 16:00"
DUE = "2026-12-01 00:00"


async def connect(supervision: Supervision, name: str = "permits") -> None:
    every = timedelta(minutes=10)
    await supervision.connection.execute(CONNECTED, name, APPROVALS.source, every)


async def look(supervision: Supervision, began: str, name: str = "permits") -> None:
    await supervision.connection.execute(LOOKED, name, local(began))


async def accept(supervision: Supervision) -> None:
    """Let a connector read of a case, and look once more."""
    await connect(supervision)
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    await look(supervision, "2026-11-23 10:10")
    await supervision.until("2026-11-23 10:11")


async def test_nobody_is_carded_after_an_outage_before_the_connector_has_looked(
    supervision: Supervision,
) -> None:
    await accept(supervision)
    await look(supervision, "2026-11-30 12:00")
    await supervision.until("2026-11-30 12:01")
    before = await supervision.levels()
    await supervision.until("2026-12-04 08:00")
    assert await supervision.levels() == before, "judged before the view was asked"
    await supervision.hears(decided(FINISHED), at="2026-12-04 08:01")
    await look(supervision, "2026-12-04 08:00")
    await supervision.until("2026-12-04 08:02")
    await look(supervision, "2026-12-04 08:10")
    await supervision.until("2026-12-04 08:11")
    assert set(await supervision.levels()) <= {"reminder"}


async def test_a_view_that_fails_for_hours_cards_nobody_and_then_all_who_are_late(
    supervision: Supervision,
) -> None:
    await accept(supervision)
    await look(supervision, "2026-11-30 23:59")
    for hour in range(1, 12):
        await supervision.until(f"2026-12-01 {hour:02}:00")
        assert await supervision.levels() == ["reminder"]
    await look(supervision, "2026-12-01 12:00")
    await supervision.until("2026-12-01 12:01")
    assert await supervision.levels() == ["reminder", "yellow"]


async def test_a_look_that_began_before_the_deadline_says_nothing_of_it(
    supervision: Supervision,
) -> None:
    await accept(supervision)
    await look(supervision, DUE)
    await supervision.until("2026-12-01 03:00")
    assert await supervision.levels() == ["reminder"]
    await look(supervision, "2026-12-01 00:00:01")
    await supervision.until("2026-12-01 03:00")
    assert await supervision.levels() == ["reminder", "yellow"]


async def test_before_the_first_look_nothing_is_judged(supervision: Supervision) -> None:
    await connect(supervision)
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    await supervision.until("2026-12-20 10:00")
    assert await supervision.levels() == []
    assert await looked_through(supervision.connection) == {APPROVALS.source: NEVER}


async def test_of_several_connectors_of_a_source_the_last_to_look_counts(
    supervision: Supervision,
) -> None:
    await accept(supervision)
    await connect(supervision, "counters")
    await look(supervision, "2026-12-02 10:00")
    await supervision.until("2026-12-02 10:01")
    assert await supervision.levels() == [], "one of them has never looked"
    await look(supervision, "2026-11-30 23:00", "counters")
    await supervision.until("2026-12-02 10:02")
    assert await supervision.levels() == ["reminder"]
    await look(supervision, "2026-12-02 10:00", "counters")
    await supervision.until("2026-12-02 10:03")
    assert await supervision.levels() == ["reminder", "yellow"]


async def test_a_connector_that_is_no_more_holds_its_source_no_longer(
    supervision: Supervision,
) -> None:
    await accept(supervision)
    await supervision.until("2026-12-02 10:00")
    assert await supervision.levels() == []
    await supervision.connection.execute("delete from connector")
    await supervision.until("2026-12-02 10:00")
    assert await supervision.levels() == ["reminder", "yellow"]


async def test_a_finish_is_believed_at_once_though_the_view_fails_since(
    supervision: Supervision,
) -> None:
    await accept(supervision)
    await look(supervision, "2026-12-01 08:00")
    await supervision.until("2026-12-01 08:01")
    assert await supervision.levels() == ["reminder", "yellow"]
    await supervision.hears(decided(FINISHED), at="2026-12-01 09:00")
    await supervision.until("2026-12-01 09:01")
    assert await supervision.levels() == ["reminder"]
    ended = await supervision.connection.fetchval("select is_ended from docket")
    assert ended, "the list shows a finished case as open"


async def test_a_connector_that_is_new_lifts_no_card_that_stands(
    supervision: Supervision,
) -> None:
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    await supervision.until("2026-12-01 08:00")
    assert await supervision.levels() == ["reminder", "yellow"]
    await connect(supervision)
    await supervision.hears(accepted(ACCEPTED_AT, "办件2"), at="2026-12-01 09:00")
    await supervision.connection.execute("update docket set next_at = $1", local(DUE))
    await supervision.until("2026-12-01 09:01")
    assert await supervision.levels() == ["reminder", "yellow"]
    assert await supervision.levels("办件2") == []


async def test_what_a_source_needs_to_export_comes_on_top_of_the_look(
    supervision: Supervision,
) -> None:
    await admit(supervision.connection, replace(APPROVALS, settle=timedelta(hours=6)))
    await accept(supervision)
    await look(supervision, "2026-12-01 05:59")
    await supervision.until("2026-12-01 20:00")
    assert await supervision.levels() == ["reminder"]
    await look(supervision, "2026-12-01 06:01")
    await supervision.until("2026-12-01 20:00")
    assert await supervision.levels() == ["reminder", "yellow"]


async def test_another_source_is_judged_as_ever(supervision: Supervision) -> None:
    other = replace(APPROVALS, name="other", source="/wuhu/other")
    await admit(supervision.connection, other)
    every = timedelta(minutes=10)
    await supervision.connection.execute(CONNECTED, "other", other.source, every)
    await supervision.hears(accepted(ACCEPTED_AT), at=ACCEPTED_AT)
    await supervision.until("2026-12-01 00:00:01")
    assert await supervision.levels() == ["reminder", "yellow"]
