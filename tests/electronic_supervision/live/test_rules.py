"""The rules of the record judge single acts while cases run, and not what was done before them."""

from datetime import date

import pytest

from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    DraftRule,
    NoteRehearsal,
    RetireRule,
)
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.rules.keep import bring_shipped, carry_out
from services.electronic_supervision.rules.shelf import shipped
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import Said, accepted, event, local

MONDAY, LATER = "2026-11-23 10:00", "2026-11-23 10:05"
OFFICE = {"by": "account:office", "role": "office"}
UNDER_WAY = "2026-11-20 09:00"


@pytest.fixture
async def ruled(supervision: Supervision) -> Supervision:
    """Return a city whose platform started on Monday for the first time."""
    await bring_shipped(supervision.connection, local(MONDAY), date(2026, 11, 23))
    return supervision


def refused(at: str) -> Said:
    return event("case-decided", at, outcome="refused", reasons=[])


async def told(supervision: Supervision) -> list[tuple[str, str]]:
    rows = await supervision.connection.fetch(
        "select rule, level from judgement where stands and clock = 'act'"
    )
    return [tuple(row) for row in rows]


async def test_a_refusal_without_reasons_is_a_yellow_card_within_the_next_step(
    ruled: Supervision,
) -> None:
    await ruled.hears(accepted(UNDER_WAY), refused(MONDAY), at=LATER)
    await ruled.until("2026-11-23 10:06")
    assert await told(ruled) == [("refused-without-reasons", "yellow")]
    message = await ruled.connection.fetchval("select message from judgement where clock = 'act'")
    assert "办件1" in message


async def test_what_is_found_is_published_with_its_clause(ruled: Supervision) -> None:
    await ruled.hears(accepted(UNDER_WAY), refused(MONDAY), at=LATER)
    await ruled.until("2026-11-23 10:06")
    said = await ruled.connection.fetchval(
        "select body from publication where subject like '%irregularity%'"
    )
    assert "行政许可法第三十八条第二款" in said


async def test_a_refusal_before_the_rules_came_is_not_held_against_anybody(
    ruled: Supervision,
) -> None:
    before = "2026-11-20 16:00"
    await ruled.hears(accepted(UNDER_WAY), refused(before), at=LATER)
    await ruled.until("2026-11-23 10:06")
    assert await told(ruled) == []


async def test_a_finding_is_lifted_when_its_rule_is_taken_back_for_that_day(
    ruled: Supervision,
) -> None:
    await ruled.hears(accepted(UNDER_WAY), refused(MONDAY), at=LATER)
    await ruled.until("2026-11-23 10:06")
    taken_back = RetireRule(
        id="refused-without-reasons",
        version=1,
        day=date(2026, 11, 23),
        reason="条文已改",
        today=date(2026, 11, 23),
    )
    await carry_out(ruled.connection, taken_back, now=local("2026-11-23 11:00"), acting=OFFICE)
    await ruled.until("2026-11-23 12:01")  # what ended is looked at within an hour
    assert await told(ruled) == []


async def test_a_rule_on_trial_raises_nothing_until_it_is_enacted_with_its_clause(
    ruled: Supervision,
) -> None:
    unnamed = shipped()["step-without-holder"].text.replace("level: reminder", "level: yellow")
    named = unnamed.replace("（条款由市效能办填写）", "第九条").replace(
        "expect: reminder", "expect: yellow"
    )
    act = event("step-started", "2026-11-24 10:00", step="审核")
    draft = DraftRule(id="step-without-holder", version=2, document=named)
    rehearsed = NoteRehearsal(
        id=draft.id, version=2, digest=digest_of(named), rehearsal="r-1", figures={}
    )
    enacted = ActivateRule(
        id=draft.id, version=2, effective_from=date(2026, 11, 24), today=date(2026, 11, 23)
    )
    for command in (draft, rehearsed, enacted):
        await carry_out(ruled.connection, command, now=local(LATER), acting=OFFICE)
    await ruled.hears(accepted(UNDER_WAY), act, at="2026-11-24 10:01")
    await ruled.until("2026-11-24 10:02")
    assert await told(ruled) == [("step-without-holder", "yellow")]


async def test_a_shipped_rule_that_lacks_its_clause_raises_nothing(ruled: Supervision) -> None:
    handed = [
        event("case-transferred", f"2026-11-23 1{hour}:00", to_unit=unit, unit=other)
        for hour, (unit, other) in enumerate((("planning", "housing"), ("housing", "planning")))
    ]
    await ruled.hears(accepted(UNDER_WAY), *handed, at="2026-11-23 12:00")
    await ruled.until("2026-11-23 12:01")
    assert await told(ruled) == []
