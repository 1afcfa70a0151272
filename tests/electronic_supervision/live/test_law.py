"""The city changes its catalogue and registers while cases are judged by them."""

from dataclasses import replace
from datetime import date

from contracts.streams import CITY
from kernel.lease import acquire
from services.electronic_supervision.catalogue.keep import carry_out
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    ItemAlias,
    PublishItem,
    RemoveItemAlias,
    ReviseItem,
)
from services.electronic_supervision.domain.engine import JudgementSuperseded
from services.electronic_supervision.domain.registers.green_card_acts import GrantGreenCard
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.loop.step import Stepped, step
from services.electronic_supervision.registers.keep import carry_out as register
from services.electronic_supervision.tenancy import TENANCY
from tests.electronic_supervision.domain.lawful import PERMIT, days
from tests.electronic_supervision.live.conftest import OFFICE, Supervision
from tests.electronic_supervision.live.said import APPROVALS, accepted, local

FIRM = "91340200MA2MTE5T11"
MONDAY = "2026-11-23 10:00"
OPERATOR = {"by": "operator", "role": "office", "unit": ""}
ISSUED = PublishItem(
    code="许可",
    content=PERMIT,
    aliases=(),
    effective_from=date(2026, 11, 1),
    said_on=date(2026, 11, 1),
    reason="",
)


async def decree(supervision: Supervision, *commands: Command) -> None:
    for command in commands:
        await carry_out(
            supervision.connection, command, now=local("2026-11-01 09:00"), acting=OPERATOR
        )


async def dues(supervision: Supervision) -> list[str]:
    rows = await supervision.connection.fetch("select due_at from docket order by number")
    return [f"{row['due_at'].astimezone(OFFICE.zone):%m-%d %H:%M}" for row in rows]


async def test_the_promise_of_the_catalogue_binds_and_not_what_the_system_states(
    supervision: Supervision,
) -> None:
    content = replace(PERMIT, promised=days(2), green_card=None)
    await decree(supervision, replace(ISSUED, content=content))
    await supervision.hears(accepted(MONDAY), at=MONDAY)
    await supervision.until("2026-11-26 00:01")
    assert await dues(supervision) == ["11-26 00:00"]
    assert await supervision.levels() == ["reminder", "yellow"]


async def test_a_case_of_an_unknown_item_is_held_to_what_its_system_states(
    supervision: Supervision,
) -> None:
    await decree(supervision, replace(ISSUED, code="另一事项"))
    await supervision.hears(accepted(MONDAY), at=MONDAY)
    await supervision.until(MONDAY.replace("10:00", "10:01"))
    assert await dues(supervision) == ["12-01 00:00"]


async def test_an_alias_resolves_an_unknown_item_for_cases_that_run_already(
    supervision: Supervision,
) -> None:
    content = replace(PERMIT, promised=days(2), green_card=None)
    await decree(supervision, replace(ISSUED, code="JZ-01", content=content))
    await supervision.hears(accepted(MONDAY), at=MONDAY)
    await supervision.until("2026-11-24 10:00")
    assert await dues(supervision) == ["12-01 00:00"]
    alias = ItemAlias(source=APPROVALS.source, code="许可")
    await decree(supervision, AddItemAlias(code="JZ-01", alias=alias))
    await supervision.until("2026-11-24 10:01")
    assert await dues(supervision) == ["11-26 00:00"]
    await decree(supervision, RemoveItemAlias(code="JZ-01", alias=alias))
    await supervision.until("2026-11-24 10:02")
    assert await dues(supervision) == ["12-01 00:00"]


async def test_a_case_keeps_the_version_that_it_was_accepted_under(
    supervision: Supervision,
) -> None:
    content = replace(PERMIT, green_card=None)
    await decree(supervision, replace(ISSUED, content=content))
    await supervision.hears(accepted(MONDAY), at=MONDAY)
    await supervision.until("2026-11-23 10:01")
    shorter = ReviseItem(
        code="许可",
        content=replace(content, promised=days(1)),
        effective_from=date(2026, 11, 24),
        said_on=date(2026, 11, 23),
        reason="",
    )
    await decree(supervision, shorter)
    await supervision.until("2026-11-24 10:00")
    assert await dues(supervision) == ["12-01 00:00"]


async def test_a_card_that_a_corrected_limit_lifts_says_that_the_law_changed(
    supervision: Supervision,
) -> None:
    content = replace(PERMIT, promised=days(2), green_card=None)
    await decree(supervision, replace(ISSUED, content=content))
    await supervision.hears(accepted(MONDAY), at=MONDAY)
    await supervision.until("2026-11-26 10:00")
    assert await supervision.levels() == ["reminder", "yellow"]
    right = ReviseItem(
        code="许可",
        content=replace(content, promised=days(10)),
        effective_from=date(2026, 11, 1),
        said_on=date(2026, 11, 26),
        reason="承诺时限录入有误",
    )
    await decree(supervision, right)
    told = await supervision.until("2026-11-26 10:01")
    lifted = [event for event in told if isinstance(event, JudgementSuperseded)]
    assert {event.because.partition(":")[0] for event in lifted} == {"law"}
    assert await supervision.levels() == []


async def test_a_green_card_shortens_the_limit_of_its_holders_cases(
    supervision: Supervision,
) -> None:
    await decree(supervision, ISSUED)
    await supervision.hears(accepted(MONDAY, enterprise=FIRM), at=MONDAY)
    await supervision.until("2026-11-23 10:01")
    assert await dues(supervision) == ["12-01 00:00"]
    card = GrantGreenCard(
        enterprise=FIRM,
        name="某企业",
        effective_from=date(2026, 11, 1),
        last_day=date(2027, 10, 31),
    )
    await register(supervision.connection, card, now=local(MONDAY), acting=OPERATOR)
    await supervision.until("2026-11-23 10:02")
    assert await dues(supervision) == ["11-26 00:00"]


async def test_no_case_is_judged_by_a_law_that_has_changed_since(supervision: Supervision) -> None:
    await supervision.hears(accepted(MONDAY), at=MONDAY)
    await decree(supervision, ISSUED)
    old = Court(law=stated_law(OFFICE), settle={})
    bench = Bench(court=old, streams=(CITY,), source=TENANCY.source)
    for number in range(4):
        held = await acquire(supervision.connection, f"loop-{number}", "test")
        assert held is not None
        now = local("2027-01-01 10:00")
        assert await step(supervision.connection, number, held, bench, now) == Stepped()
    assert await supervision.standing() == []
