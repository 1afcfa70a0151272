"""What programs can ask about cases, and how they follow what becomes of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import nats
import pytest

from contracts.subjects import city as city_subject
from tests.electronic_supervision.live.said import APPROVALS, Said, accepted, decided, event, raw
from tests.system.stack import REPORTER, Process, Stack
from tests.waiting import until

BATCH = {"Content-Type": "application/cloudevents-batch+json"}
LATE = "2026-03-02 10:00"
CARDS = ["red", "reminder", "yellow"]


@pytest.fixture(scope="module")
async def supervision(shared_city: Stack) -> Process:
    return await shared_city.start().listening()


@pytest.fixture
async def office(supervision: Process) -> AsyncIterator[httpx.AsyncClient]:
    async with supervision.client() as client:
        yield client


async def report(supervision: Process, *told: Said) -> None:
    body = b"[" + b",".join(map(raw, told)) + b"]"
    async with supervision.client(REPORTER) as client:
        answer = await client.post("/events", content=body, headers=BATCH)
        assert answer.json()["accepted"] == len(told), answer.text


async def case_of(
    office: httpx.AsyncClient, number: str, judged: Sequence[str] | None = None
) -> dict[str, Any]:
    """Return a case once it is known, and its judgements are these."""

    async def look() -> dict[str, Any] | None:
        for case in (await office.get("/cases", params={"number": number})).json()["items"]:
            if judged is None or case["judgements"] == judged:
                found: dict[str, Any] = case
                return found
        return None

    return await until(look)


async def test_pages_of_cases_leave_none_out_and_repeat_none(
    supervision: Process, office: httpx.AsyncClient
) -> None:
    numbers = {f"页{number}" for number in range(25)}
    told = [accepted("2026-11-20 10:00", number, unit="library") for number in numbers]
    await report(supervision, *told)
    for number in numbers:
        await case_of(office, number)
    seen: list[str] = []
    params: dict[str, Any] = {"source": APPROVALS.source, "limit": 10}
    while True:
        page = (await office.get("/cases", params=params)).json()
        seen += [each["number"] for each in page["items"]]
        if page.get("next") is None:
            break
        params["after"] = page["next"]
    assert len(seen) == len(set(seen))
    assert numbers <= set(seen)


async def test_the_time_line_tells_what_was_said_and_what_counts(
    supervision: Process, office: httpx.AsyncClient
) -> None:
    wrong = decided("2026-03-20 10:00", "线1")
    right = decided("2026-03-04 10:00", "线1", corrects=wrong["id"])
    await report(supervision, accepted(LATE, "线1"), wrong)
    case = await case_of(office, "线1", judged=CARDS)
    await report(supervision, right)
    await case_of(office, "线1", judged=[])
    line = (await office.get(f"/cases/{case['id']}/timeline")).json()
    told = [(each["id"], each["counts"]) for each in line if each["counts"] is not None]
    assert told[1:] == [(wrong["id"], False), (right["id"], True)]
    assert [each["what"] for each in line].count("JudgementSuperseded") == 3
    history = (await office.get(f"/cases/{case['id']}/judgements")).json()
    assert {each["stands"] for each in history} == {False}


async def test_a_verdict_can_be_asked_for_as_it_was_known_before(
    supervision: Process, office: httpx.AsyncClient
) -> None:
    await report(supervision, accepted(LATE, "前1"))
    case = await case_of(office, "前1", judged=CARDS)
    line = (await office.get(f"/cases/{case['id']}/timeline")).json()
    before = line[-1]["received_at"]
    await report(supervision, decided("2026-03-05 10:00", "前1"))
    await case_of(office, "前1", judged=[])
    url = f"/cases/{case['id']}/explanation"
    now = (await office.get(url)).json()["data"]
    then = (await office.get(url, params={"known_at": before})).json()["data"]
    assert (then["verdict"], now["verdict"]) == ("open_overdue", "on_time")


async def test_the_citizens_clock_is_beside_that_of_the_agency(
    supervision: Process, office: httpx.AsyncClient
) -> None:
    paused = event("clock-paused", "2026-03-03 10:00", "钟1", ground="hearing", pause="1")
    await report(supervision, accepted(LATE, "钟1"), paused)
    case = await case_of(office, "钟1")
    clocks = (await office.get(f"/cases/{case['id']}/clocks")).json()
    assert [(each["name"], each["state"]) for each in clocks] == [
        ("total", "paused"),
        ("citizen", "running"),
    ]


async def follow(
    office: httpx.AsyncClient, wanted: int, last: str | None = None
) -> list[tuple[str, str]]:
    """Read so many frames of the stream of judgements: their numbers and types."""
    frames: list[tuple[str, str]] = []
    headers = {} if last is None else {"Last-Event-ID": last}
    async with (
        asyncio.timeout(20),
        office.stream("GET", "/judgements/stream", headers=headers) as stream,
    ):
        number = ""
        async for line in stream.aiter_lines():
            if line.startswith("id: "):
                number = line.removeprefix("id: ")
            if line.startswith("event: "):
                frames.append((number, line.removeprefix("event: ")))
            if len(frames) == wanted:
                break
    return frames


async def test_who_follows_judgements_and_drops_out_goes_on_where_he_was(
    supervision: Process, office: httpx.AsyncClient
) -> None:
    await report(supervision, accepted(LATE, "流1"), accepted(LATE, "流2"))
    await case_of(office, "流1", judged=CARDS)
    await case_of(office, "流2", judged=CARDS)
    whole = await follow(office, 6, last="0")
    part = await follow(office, 2, last="0")
    rest = await follow(office, 4, last=part[-1][0])
    assert part + rest == whole
    assert [int(number) for number, _ in whole] == list(range(1, 7))


async def test_a_message_nobody_can_read_is_shown_and_settled_by_people(
    shared_city: Stack, supervision: Process, office: httpx.AsyncClient
) -> None:
    subject = city_subject(
        APPROVALS.name, "xiaoneng.approvals.case-decided.v1", unit="housing", key="隔1"
    )
    await report(supervision, accepted(LATE, "隔1"))
    await case_of(office, "隔1", judged=CARDS)
    client = await nats.connect(
        shared_city.system_url, inbox_prefix=f"_INBOX_city-{APPROVALS.name}"
    )
    await client.jetstream().publish(subject, b"{garbage")
    await client.close()

    async def look() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await office.get("/quarantine")).json()["items"]
        return items

    held = await until(look)
    await case_of(office, "隔1", judged=["red-lead", "reminder", "yellow-lead"])
    assert (held[0]["code"], held[0]["times"]) == ("malformed-json", 1)
    again = await office.post(f"/quarantine/{held[0]['id']}/resubmit")
    assert (again.json()["became"], again.json()["code"]) == ("held", "malformed-json")
    url = f"/quarantine/{held[0]['id']}/discard"
    assert (await office.post(url, json={})).status_code == 422
    gone = await office.post(url, json={"reason": "来源系统确认是误发"})
    assert gone.json()["became"] == "discarded"
    await case_of(office, "隔1", judged=CARDS)
    assert (await office.post(url, json={"reason": "再次"})).json()["code"] == "message-settled"
