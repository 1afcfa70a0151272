"""What the loop publishes: every kind of it is as its schema says, and names what it rests on."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from contracts.subjects import parse
from services.electronic_supervision.doors.systems import admit
from tests.contracts.published_schemas import validator
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import APPROVALS, Said, accepted, decided, event

AT = "2026-11-23 10:00"
LATER = "2027-03-20 10:00"


async def published(supervision: Supervision) -> list[dict[str, Any]]:
    """Return all that was said, after holding it against its schema."""
    rows = await supervision.connection.fetch(
        "select sequence, subject, body from publication order by sequence"
    )
    said = []
    for row in rows:
        told = json.loads(row["body"])
        validator(told["type"].removeprefix("xiaoneng.")).validate(told)
        subject = parse(row["subject"])
        assert (subject.event_type, subject.key) == (told["type"], told["data"]["case"])
        assert int(told["sequence"]) == row["sequence"]
        said.append(told)
    return said


async def kinds(supervision: Supervision) -> list[tuple[str, str | None]]:
    return [
        (each["type"].split(".")[2], each["data"].get("level"))
        for each in await published(supervision)
    ]


async def test_reminder_yellow_and_red_are_published_in_their_turn(
    supervision: Supervision,
) -> None:
    await supervision.hears(accepted(AT), at=AT)
    await supervision.until("2026-12-20 10:00")
    assert await kinds(supervision) == [
        ("reminder-raised", None),
        ("deadline-breached", "yellow"),
        ("deadline-breached", "red"),
    ]
    _, yellow, red = (each["data"] for each in await published(supervision))
    assert yellow["due"] == red["due"] == "2026-12-01T00:00:00+08:00"
    assert (yellow["due_on"], red["due_on"]) == ("2026-11-30", "2026-11-30")
    assert red["supervision_due"] == "2026-12-04T00:00:00+08:00"
    assert "supervision_due" not in yellow


async def test_a_breach_that_rests_on_days_not_yet_settled_is_published_as_a_lead(
    supervision: Supervision,
) -> None:
    limit = {"amount": 20, "unit": "working-days"}
    await supervision.hears(accepted("2026-12-21 10:00", limit=limit), at="2026-12-21 10:00")
    await supervision.until(LATER)
    told = [each["data"].get("withheld") for each in await published(supervision)]
    assert told == [None, "provisional-date", "provisional-date"]
    assert (await kinds(supervision))[1:] == [("lead-raised", "yellow"), ("lead-raised", "red")]


async def test_a_breach_that_rests_on_what_cannot_be_true_is_published_as_a_lead(
    supervision: Supervision,
) -> None:
    await supervision.hears(accepted(AT), decided("2026-11-20 10:00"), at=AT)
    await supervision.until(LATER)
    assert await kinds(supervision) == []
    odd = event("clock-resumed", "2026-11-24 10:00", "办件2", pause="7")
    await supervision.hears(accepted(AT, "办件2"), odd, at="2026-11-24 10:00")
    await supervision.until(LATER)
    assert {each["data"].get("withheld") for each in await published(supervision)} == {
        None,
        "resumed-without-pause",
    }


async def reason(supervision: Supervision, *, late: Said) -> tuple[str, str | None]:
    """Let a fact come after the card, and return why the card was superseded."""
    await supervision.hears(accepted(AT), at=AT)
    await supervision.until("2026-12-02 10:00")
    await supervision.hears(late, at="2026-12-02 11:00")
    await supervision.until("2026-12-02 12:00")
    last = (await published(supervision))[-1]
    assert last["type"].endswith("judgement-superseded.v1")
    assert last["causationid"] == last["data"]["because"]["id"]
    return last["data"]["reason"], last["data"]["because"]["id"]


async def test_a_card_lifted_by_a_late_fact_says_so(supervision: Supervision) -> None:
    late = decided("2026-11-30 10:00")
    assert await reason(supervision, late=late) == ("late-fact", late["id"])


async def test_a_card_lifted_by_a_corrected_date_says_so(supervision: Supervision) -> None:
    wrong = accepted(AT)
    await supervision.hears(wrong, at=AT)
    right = accepted("2026-11-30 10:00", corrects=wrong["id"])
    await supervision.until("2026-12-02 10:00")
    await supervision.hears(right, at="2026-12-02 11:00")
    await supervision.until("2026-12-02 12:00")
    last = (await published(supervision))[-1]
    assert last["data"]["reason"] == "date-corrected"


async def test_a_new_notice_of_holidays_is_the_reason_it_gives(supervision: Supervision) -> None:
    limit = {"amount": 20, "unit": "working-days"}
    await supervision.hears(accepted("2026-12-21 10:00", limit=limit), at="2026-12-21 10:00")
    await supervision.until(LATER)
    await supervision.publish_notice()
    await supervision.until("2027-03-20 10:01")
    said = [each for each in await published(supervision) if "superseded" in each["type"]]
    assert {each["data"]["reason"] for each in said} == {"calendar-changed"}
    assert (await kinds(supervision))[-1] == ("deadline-breached", "red")


async def test_a_card_lifted_before_another_may_be_raised_names_none_instead(
    supervision: Supervision,
) -> None:
    await admit(supervision.connection, replace(APPROVALS, settle=timedelta(hours=6)))
    told = accepted(AT)
    await supervision.hears(told, at=AT)
    await supervision.until("2026-12-20 10:00")
    earlier = accepted("2026-11-20 10:00", corrects=told["id"])
    await supervision.hears(earlier, at="2026-12-20 11:00")
    await supervision.until("2026-12-20 11:01")
    lifted = [each for each in await published(supervision) if "superseded" in each["type"]]
    raised = {each["data"]["judgement"] for each in await published(supervision)}
    assert len(lifted) == 3
    assert [each["data"].get("replaced_by") for each in lifted] == [None] * 3
    await supervision.until("2026-12-20 17:01")
    assert len({each["data"]["judgement"] for each in await published(supervision)} - raised) == 3
