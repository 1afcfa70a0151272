"""Patterns over time are told while cases run, once each, and taken back when facts change."""

import json
import random
from datetime import timedelta

import pytest

from contracts.envelope import Event
from contracts.findings import FindingLifted, PatternFound
from contracts.registry import event_model
from contracts.vocabulary import Published
from kernel.lease import LeaseLostError, acquire
from services.electronic_supervision.patterns.step import step
from tests.electronic_supervision.live.said import accepted, event, local
from tests.electronic_supervision.patterns.conftest import (
    BEGIN,
    MANY_STEPS,
    TWO_CARDS,
    Watch,
    runs,
    some_days,
    steps_on,
)

END = "2027-01-10 10:00"
COUNTED = "many-steps"


async def published(watch: Watch) -> list[Event[Published]]:
    rows = await watch.connection.fetch("select body from publication order by sequence")
    told = []
    for body in (row["body"] for row in rows):
        type_ = json.loads(body)["type"]
        if "pattern-found" in type_ or "finding-lifted" in type_:
            told.append(event_model(type_).model_validate_json(body))
    return told


@pytest.mark.parametrize("seed", range(6))
async def test_facts_in_any_order_and_portions_give_what_the_letter_of_the_rule_says(
    watch: Watch, seed: int
) -> None:
    days, chance = some_days(seed), random.Random(seed)
    told = steps_on(days)
    chance.shuffle(told)
    while told:
        some, told = told[:9], told[9:]
        await watch.city.hears(*some, at="2027-01-09 10:00")
        await watch.until("2027-01-09 11:00")
    await watch.until(END)
    assert await watch.found() == [(COUNTED, "yellow", day) for day in runs(days)]


async def test_a_pattern_is_published_with_its_window_and_lifted_when_a_fact_is_voided(
    watch: Watch,
) -> None:
    told = steps_on([3, 4, 5])
    await watch.city.hears(*told, at="2026-11-20 10:00")
    await watch.until("2026-11-20 10:01")
    (found,) = await published(watch)
    assert isinstance(found.data, PatternFound)
    assert (found.data.unit, found.data.subject, found.data.level) == (
        "housing",
        "housing",
        "yellow",
    )
    assert found.data.message.startswith("housing有3")
    assert {figure.name for figure in found.data.figures} >= {"total", "threshold", "days"}
    voided = event("fact-voided", "2026-11-20 11:00", "办件1", voids=told[3]["id"], reason="误录")
    await watch.city.hears(voided, at="2026-11-20 11:00")
    await watch.until("2026-11-20 11:01")
    assert await watch.found() == []
    lifted = (await published(watch))[-1].data
    assert isinstance(lifted, FindingLifted)
    assert lifted.judgement == found.data.judgement


async def test_a_late_fact_moves_a_finding_to_the_day_on_which_it_became_true(
    watch: Watch,
) -> None:
    await watch.city.hears(*steps_on([6, 7, 8]), at="2026-11-20 10:00")
    await watch.until("2026-11-20 10:01")
    assert await watch.found() == [(COUNTED, "yellow", BEGIN + timedelta(days=8))]
    late = event("step-started", f"{BEGIN + timedelta(days=5)} 10:00", "办件0", step="核实")
    await watch.city.hears(late, at="2026-11-20 11:00")
    await watch.until("2026-11-20 11:01")
    assert await watch.found() == [(COUNTED, "yellow", BEGIN + timedelta(days=7))]
    lifted = (await published(watch))[1].data
    assert isinstance(lifted, FindingLifted)
    assert lifted.replaced_by is not None


async def test_what_is_dated_ahead_counts_once_it_has_happened(watch: Watch) -> None:
    await watch.city.hears(*steps_on([3, 4, 5]), at="2026-11-06 10:00")
    await watch.until("2026-11-06 12:00")
    assert await watch.found() == []
    await watch.until("2026-11-08 12:00")
    assert [day for _, _, day in await watch.found()] == [BEGIN + timedelta(days=5)]


async def test_two_findings_add_up_to_another_and_are_lifted_together(watch: Watch) -> None:
    await watch.enact(TWO_CARDS)
    told = steps_on([1, 1, 1, 20, 20, 20])
    await watch.city.hears(*told, at="2026-12-01 10:00")
    await watch.until("2026-12-01 10:01")
    await watch.until(END)
    assert ("two-runs", "red", BEGIN + timedelta(days=20)) in await watch.found()
    voided = event("fact-voided", END, "办件0", voids=told[1]["id"], reason="误录")
    await watch.city.hears(voided, at=END)
    await watch.until("2027-01-10 10:01")
    await watch.until("2027-01-11 10:01")
    assert await watch.found() == [(COUNTED, "yellow", BEGIN + timedelta(days=20))]


async def test_a_step_that_dies_leaves_nothing_and_is_done_again_once(watch: Watch) -> None:
    await watch.city.hears(*steps_on([3, 4, 5]), at="2026-11-20 10:00")
    await watch.city.until("2026-11-20 10:01")
    before = await watch.kept()
    bench, lease = await watch.bench(), await watch.lease()
    transaction = watch.connection.transaction()
    await transaction.start()
    done = await step(watch.connection, lease, bench, local("2026-11-20 10:01"))
    assert done.said == 1
    await transaction.rollback()
    assert await watch.kept() == before
    assert await watch.until("2026-11-20 10:02") == 1
    assert await watch.until("2026-11-21 10:02") == 0
    assert len(await watch.told()) == 1


async def test_who_lost_the_lease_tells_nothing(watch: Watch) -> None:
    await watch.city.hears(*steps_on([3, 4, 5]), at="2026-11-20 10:00")
    await watch.city.until("2026-11-20 10:01")
    lease = await watch.lease()
    await watch.connection.execute("update lease set expires_at = '-infinity'")
    assert await acquire(watch.connection, "patterns", "other") is not None
    bench = await watch.bench()
    with pytest.raises(LeaseLostError):
        await step(watch.connection, lease, bench, local("2026-11-20 10:01"))
    assert await watch.told() == []


async def test_tables_made_anew_are_as_they_were_and_nothing_is_said_again(watch: Watch) -> None:
    await watch.city.hears(*steps_on(some_days(7)), at="2027-01-09 10:00")
    await watch.until(END)
    before, told = await watch.kept(), await watch.told()
    assert before["pattern_finding"]
    await watch.connection.execute("update law set version = version + 1")
    await watch.until("2027-01-11 10:00")
    assert await watch.kept() == before
    assert await watch.told() == told


async def test_a_finding_is_lifted_when_it_no_longer_holds_by_the_law(
    watch: Watch,
) -> None:
    await watch.city.hears(*steps_on([3, 4, 5]), at="2026-11-20 10:00")
    await watch.until("2026-11-20 10:01")
    assert len(await watch.found()) == 1
    await watch.connection.execute(
        "delete from event where stream = 'rule-many-steps' and type = 'RuleActivated'"
    )
    await watch.connection.execute("update law set version = version + 1")
    await watch.until("2026-11-21 10:01")
    assert await watch.found() == []


async def test_by_a_case_it_is_published_as_an_irregularity_of_that_case(watch: Watch) -> None:
    by_case = MANY_STEPS.replace("by: unit", "by: case").replace("many-steps", "steps-of-case")
    await watch.enact(by_case)
    told = [
        event("step-started", f"{BEGIN} 1{hour}:00", "办件1", step=f"环节{hour}")
        for hour in range(3)
    ]
    await watch.city.hears(accepted(f"{BEGIN} 09:00"), *told, at="2026-11-03 10:00")
    await watch.until("2026-11-03 11:00")
    assert ("steps-of-case", "yellow", BEGIN) in await watch.found()
    body = await watch.connection.fetchval(
        "select body from publication where body like '%irregularity-found%'"
    )
    assert json.loads(body)["data"]["case"] == "办件1"


async def test_a_unit_is_called_by_its_name_in_the_register(watch: Watch) -> None:
    told = "insert into unit_told (code, name) values ('housing', '市住房和城乡建设局')"
    await watch.connection.execute(told)
    await watch.city.hears(*steps_on([3, 4, 5]), at="2026-11-20 10:00")
    await watch.until("2026-11-20 10:01")
    (found,) = await published(watch)
    assert isinstance(found.data, PatternFound)
    assert found.data.message.startswith("市住房和城乡建设局有3")
    assert found.data.subject == "housing", "programs go by the code"
