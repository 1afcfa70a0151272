"""A deadline fires once, on time, and never on a backlog (promise 8), whatever goes wrong."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.electronic_supervision.live.said import accepted, local
from tests.resilience.deadline import comes_true
from tests.resilience.deadlines import (
    LATEST,
    card_seen,
    cards_ever,
    decided_before,
    due_at,
    time_of,
)
from tests.resilience.feeding import by_bus, by_http
from tests.resilience.intact import all_judged, assert_intact, at_rest
from tests.resilience.recovery import all_is_well
from tests.resilience.town import Town
from tests.resilience.victim import JUMPS

SOON = timedelta(seconds=4)
HOUR = "3600"


async def passes(city: Town, instant: datetime) -> None:
    async def remaining() -> object:
        now = await time_of(city)
        return None if now > instant else instant - now

    await comes_true("time passes", remaining)


async def test_a_deadline_fires_once_and_on_time(
    city: Town, record_testsuite_property: Callable[[str, object], None]
) -> None:
    city.start()
    due = await time_of(city) + SOON
    told = [due_at(due, "总线"), due_at(due, "网络"), due_at(due, "按时")]
    await by_bus(city, [told[0], told[2]])
    await by_http(city, [told[1]])
    await by_bus(city, [decided_before(due, "按时")])
    late = max([await card_seen(city, each) for each in ("总线", "网络")]) - due
    record_testsuite_property("deadline_late_seconds", late.total_seconds())
    assert timedelta() < late <= LATEST, f"promise 8: within a second, it took {late}"
    await at_rest(city, told)
    assert [await cards_ever(city, each) for each in ("总线", "网络", "按时")] == [1, 1, 0]
    await all_is_well(city)


async def test_a_deadline_missed_while_all_was_down(city: Town) -> None:
    city.start()
    due = await time_of(city) + SOON
    told = [due_at(due, "办结"), due_at(due, "未办结")]
    await by_bus(city, told)
    await at_rest(city, told)
    city.kill_services()
    city.kill_postgres()
    told.append(decided_before(due, "办结"))
    await by_bus(city, told[2:])
    city.start_postgres()
    await passes(city, due)
    assert await cards_ever(city, "未办结") == 0
    started = await time_of(city)
    city.start()
    seen = await card_seen(city, "未办结")
    assert seen - started < timedelta(seconds=10), "promise 8: at start it waits for the backlog"
    await at_rest(city, told)
    assert await cards_ever(city, "办结") == 0, "promise 8: no card on a backlog"
    assert await cards_ever(city, "未办结") == 1, "promise 8: a deadline fires once"
    await assert_intact(city)
    await all_is_well(city)


async def test_no_card_while_intake_is_down_and_the_loop_is_not(city: Town) -> None:
    city.start("loop", "relay")
    intake = city.start("intake")
    due = await time_of(city) + SOON
    told = [due_at(due, "办结"), due_at(due, "未办结")]
    await by_bus(city, told)
    await at_rest(city, told)
    intake.kill()
    told.append(decided_before(due, "办结"))
    await by_bus(city, told[2:])
    await passes(city, due + LATEST)
    cards = [await cards_ever(city, each) for each in ("办结", "未办结")]
    assert cards == [0, 0], "promise 8: while intake lags behind the instant, it waits"
    city.start("intake")
    await card_seen(city, "未办结")
    await at_rest(city, told)
    assert await cards_ever(city, "办结") == 0, "promise 8: no card on a backlog"
    await all_is_well(city)


@pytest.mark.parametrize("door", ["bus", "http"])
async def test_clocks_that_jump_by_an_hour_raise_no_card_early_nor_lose_one(
    city: Town, door: str
) -> None:
    for part in ("api", "intake", "loop", "relay"):
        city.start(part, **{JUMPS: HOUR})
    due = await time_of(city) + SOON
    told = [due_at(due, "办结"), *(due_at(due, f"未办结{n}") for n in range(8))]
    told.append(decided_before(due, "办结"))
    await (by_bus if door == "bus" else by_http)(city, told)
    for number in range(8):
        seen = await card_seen(city, f"未办结{number}")
        assert seen > due, "promise 8: no card before its instant, whatever a process thinks"
        assert seen - due <= LATEST, f"promise 8: within a second, it took {seen - due}"
    await at_rest(city, told)
    ever = [await cards_ever(city, f"未办结{number}") for number in range(8)]
    assert ever == [1] * 8, "promise 8: a deadline fires once"
    assert await cards_ever(city, "办结") == 0
    (row,) = await city.asked("select count(*) from judgement where withheld = 'future-time'")
    assert row["count"] == 0, "promise 9: a wrong clock of ours makes no fact impossible"
    await assert_intact(city)
    await all_is_well(city)


async def test_a_backlog_is_heard_to_its_end_though_clocks_jump(city: Town) -> None:
    due = await time_of(city) - timedelta(minutes=10)
    cases = [f"办件{number}" for number in range(700)]
    told = [due_at(due, each) for each in cases]
    told += [decided_before(due, each) for each in cases]
    await by_bus(city, told)
    city.start(**{JUMPS: HOUR})
    await at_rest(city, told)
    (row,) = await city.asked("select count(*) from event where type = 'JudgementRaised'")
    assert row["count"] == 0, "promise 8: no card for work finished but not yet heard of"


@pytest.mark.parametrize("instant", ["2026-03-09 23:59:56", "2031-03-07 23:59:56"])
async def test_time_can_be_moved_to_just_before_a_deadline(city: Town, instant: str) -> None:
    shift = local(instant) - await time_of(city)
    moved = {"XIAONENG_TIME_SHIFT": str(shift // timedelta(seconds=1))}
    begun = (local(instant) - timedelta(days=7)).strftime("%Y-%m-%d 10:00")
    city.start(**moved)
    due = await time_of(city) + SOON
    told = [accepted(begun, "未办结")]
    await by_http(city, told)
    seen = await card_seen(city, "未办结")
    assert due - timedelta(seconds=1) <= seen <= due + LATEST, f"promise 8: {seen - due} late"
    assert await all_judged(city, told)
    await all_is_well(city)
