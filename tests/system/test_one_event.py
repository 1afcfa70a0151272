"""The way of one event, from a city system by either door to the judgement on the bus."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import nats
import pytest

from contracts.streams import stream_of
from kernel.intake.heard import hear
from tests.contracts.published_schemas import validator
from tests.electronic_supervision.live.said import APPROVALS, Said, accepted, decided, raw, subject
from tests.system.stack import REPORTER, Process, Stack

SINGLE = {"Content-Type": "application/cloudevents+json"}
LONG_LATE = "2026-03-02 10:00"


@pytest.fixture
async def office(supervision: Process) -> AsyncIterator[httpx.AsyncClient]:
    async with supervision.client() as client:
        yield client


async def report(supervision: Process, *told: Said) -> None:
    async with supervision.client(REPORTER) as client:
        for each in told:
            answer = await client.post("/events", content=raw(each), headers=SINGLE)
            assert answer.status_code == 202, answer.text


async def publish(city: Stack, *told: Said) -> None:
    client = await nats.connect(city.system_url, inbox_prefix=f"_INBOX_city-{APPROVALS.name}")
    for each in told:
        await client.jetstream().publish(subject(each), raw(each))
    await client.close()


async def levels(office: httpx.AsyncClient, case: str, wanted: int) -> list[str]:
    """Wait until a case has so many judgements, and return their levels."""
    async with asyncio.timeout(20):
        while True:
            page = (await office.get("/judgements")).json()["items"]
            found = [each["level"] for each in page if each["number"] == case]
            if len(found) >= wanted:
                return sorted(found)
            await asyncio.sleep(0.02)


async def test_a_late_case_is_judged_whichever_door_it_is_told_by(
    city: Stack, supervision: Process, office: httpx.AsyncClient
) -> None:
    await report(supervision, accepted(LONG_LATE, "办件1"))
    await publish(city, accepted(LONG_LATE, "办件2"))
    for case in ("办件1", "办件2"):
        assert await levels(office, case, 3) == ["red", "reminder", "yellow"]


async def test_every_judgement_is_published_as_its_schema_says(
    city: Stack, supervision: Process, office: httpx.AsyncClient
) -> None:
    await report(supervision, accepted(LONG_LATE, "办件1"))
    await levels(office, "办件1", 3)
    await report(supervision, decided("2026-03-09 16:00", "办件1"))
    client = await nats.connect(city.nats_url("provisioner"), inbox_prefix="_INBOX_provisioner")
    stream = client.jetstream()
    said: list[bytes] = []
    async with asyncio.timeout(20):
        while len(said) < 5:
            try:
                message = await stream.get_msg(stream_of("supervision"), len(said) + 1)
                said.append(message.data or b"")
            except nats.js.errors.NotFoundError:
                await asyncio.sleep(0.05)
    await client.close()
    kinds = []
    for number, body in enumerate(said, 1):
        event = json.loads(body)
        name = event["type"].removeprefix("xiaoneng.")
        validator(name).validate(event)
        assert hear(body).event.position == number
        kinds.append((name, event["data"].get("level")))
    assert kinds == [
        ("supervision.reminder-raised.v1", None),
        ("supervision.deadline-breached.v1", "yellow"),
        ("supervision.deadline-breached.v1", "red"),
        ("supervision.judgement-superseded.v1", "yellow"),
        ("supervision.judgement-superseded.v1", "red"),
    ]


async def test_a_verdict_explains_itself_to_programs_and_people(
    supervision: Process, office: httpx.AsyncClient
) -> None:
    await report(supervision, accepted(LONG_LATE, "办件1"))
    await levels(office, "办件1", 3)
    (case,) = (await office.get("/cases", params={"number": "办件1"})).json()["items"]
    told = (await office.get(f"/cases/{case['id']}/explanation")).json()
    assert told["data"]["due"]["on"] == "2026-03-09"
    assert "5个工作日" in told["text"]
    assert (await office.get("/readyz")).json() == {"ready": True}
