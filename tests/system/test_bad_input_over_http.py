"""What the HTTP door answers to what it can't use: a code, the field, and what to do."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.electronic_supervision.live.said import Said, accepted, raw
from tests.system.stack import OPERATOR, REPORTER, Process, Stack

SINGLE = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
AT = "2026-11-20 10:00"


@pytest.fixture(scope="module")
def city(shared_city: Stack) -> Stack:
    return shared_city


@pytest.fixture(scope="module")
async def supervision(city: Stack) -> Process:
    return await city.start("api").listening()


@pytest.fixture
async def door(supervision: Process) -> AsyncIterator[httpx.AsyncClient]:
    async with supervision.client(REPORTER) as client:
        yield client


async def facts(city: Stack) -> int:
    connection = await city.database()
    count: int = await connection.fetchval("select count(*) from event")
    await connection.close()
    return count


def without(said: Said, field: str) -> Said:
    return {name: value for name, value in said.items() if name != field}


def of(said: Said, **data: object) -> Said:
    known = said["data"]
    assert isinstance(known, dict)
    return said | {"data": known | data}


ONE = accepted(AT, "坏办件")
NESTED = b'{"data":' * 5000 + b"1" + b"}" * 5000
REFUSED: dict[str, tuple[bytes, int, str, str | None]] = {
    "an empty body": (b"", 400, "malformed-json", None),
    "half a document": (raw(ONE)[:-20], 400, "malformed-json", None),
    "invalid UTF-8": (raw(ONE).replace("坏".encode(), b"\xff\xfe"), 400, "malformed-json", None),
    "NUL in a text": (raw(of(ONE, case="a\x00b")), 400, "malformed-json", None),
    "a lone surrogate": (raw(ONE).replace("坏".encode(), rb"\ud800"), 400, "malformed-json", None),
    "deep arrays": (b"[" * 100_000, 400, "malformed-json", None),
    "deep objects": (NESTED, 400, "malformed-json", None),
    "no object": (b"[1]", 422, "schema-mismatch", None),
    "no type": (raw(without(ONE, "type")), 422, "schema-mismatch", "type"),
    "an unknown type": (
        raw(ONE | {"type": "xiaoneng.approvals.case-eaten.v1"}),
        422,
        "unknown-type",
        "type",
    ),
    "a wrong shape": (raw(of(ONE, unit=7)), 422, "schema-mismatch", "data.unit"),
    "no time zone": (raw(ONE | {"time": "2026-11-20T10:00:00"}), 422, "schema-mismatch", "time"),
    "another's name": (raw(ONE | {"source": "/wuhu/12345"}), 403, "foreign-source", "source"),
    "our own name": (
        raw(ONE | {"source": "/xiaoneng/electronic-supervision"}),
        403,
        "foreign-source",
        "source",
    ),
    "a limit of centuries": (
        raw(accepted(AT, limit={"amount": 1_000_000, "unit": "working-days"})),
        422,
        "limit-out-of-range",
        "data.stated_limit.amount",
    ),
    "a huge number": (
        raw(ONE | {"sequence": "9" * 20}),
        422,
        "sequence-out-of-range",
        "sequence",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_cannot_be_used_is_refused_by_code_and_field_and_changes_nothing(
    city: Stack, door: httpx.AsyncClient, what: str
) -> None:
    body, status, code, field = REFUSED[what]
    before = await facts(city)
    answer = await door.post("/events", content=body, headers=SINGLE)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["code"], problem.get("field")) == (status, code, field)
    assert problem["fix"]
    assert problem["title"]
    assert await facts(city) == before
    good = await door.post("/events", content=raw(accepted(AT, what)), headers=SINGLE)
    assert good.status_code == 202, "the door still serves"


async def test_a_refusal_never_repeats_what_was_sent(door: httpx.AsyncClient) -> None:
    person = "34020019900101123X"
    for body in (of(ONE, unit=[person]), ONE | {"source": f"/{person}"}, ONE | {person: person}):
        assert person not in (await door.post("/events", content=raw(body), headers=SINGLE)).text


async def test_an_event_from_the_far_future_is_taken_and_flagged(door: httpx.AsyncClient) -> None:
    answer = await door.post("/events", content=raw(accepted("2031-01-01 10:00")), headers=SINGLE)
    assert (answer.status_code, answer.json()["flags"]) == (202, ["future-time"])


async def test_an_event_told_again_is_a_duplicate_and_other_content_is_refused(
    city: Stack, door: httpx.AsyncClient
) -> None:
    told = accepted(AT, "重复")
    first = await door.post("/events", content=raw(told), headers=SINGLE)
    before = await facts(city)
    again = await door.post("/events", content=raw(told), headers=SINGLE)
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["outcome"] == "duplicate"
    other = await door.post("/events", content=raw(of(told, unit="planning")), headers=SINGLE)
    assert (other.status_code, other.json()["code"]) == (409, "id-reused")
    assert await facts(city) == before


async def test_each_event_of_a_batch_has_its_own_outcome(
    city: Stack, door: httpx.AsyncClient
) -> None:
    good, bad = accepted(AT, "一批"), ONE | {"type": "xiaoneng.approvals.case-eaten.v1"}
    before = await facts(city)
    body = json.dumps([good, bad, good, 7, ONE | {"source": "/other"}])
    answer = await door.post("/events", content=body, headers=BATCH)
    told: dict[str, Any] = answer.json()
    outcomes = [(each["outcome"], each.get("code")) for each in told["events"]]
    assert outcomes == [
        ("accepted", None),
        ("rejected", "unknown-type"),
        ("duplicate", None),
        ("rejected", "schema-mismatch"),
        ("rejected", "foreign-source"),
    ]
    assert (told["accepted"], told["duplicates"], told["rejected"]) == (1, 1, 3)
    assert await facts(city) == before + 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[" + b",".join([b"{}"] * 10_000) + b"]", 413, "too-many-events"),
        (b'{"no": "array"}', 400, "malformed-json"),
        (b"[{]", 400, "malformed-json"),
        (b"[" + b" " * 2_000_000 + b"]", 413, "too-large"),
    ],
)
async def test_a_batch_that_is_none_or_too_much_is_refused_as_a_whole(
    door: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    answer = await door.post("/events", content=body, headers=BATCH)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_body_of_two_megabytes_is_refused_as_the_bus_would(door: httpx.AsyncClient) -> None:
    answer = await door.post("/events", content=b" " * 2_000_000, headers=SINGLE)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_body_that_is_no_cloudevent_by_its_media_type_is_refused(
    door: httpx.AsyncClient,
) -> None:
    answer = await door.post("/events", json={})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [("guess", 401, "unauthenticated"), (OPERATOR, 403, "forbidden")],
)
async def test_only_an_admitted_system_may_report(
    supervision: Process, token: str, status: int, code: str
) -> None:
    async with supervision.client(token) as client:
        answer = await client.post("/events", content=raw(ONE), headers=SINGLE)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/cases/none", 404, "case-unknown"),
        ("/cases/none/explanation", 404, "case-unknown"),
        ("/cases/none/explanation?as_of=9999-12-31T23:59:59Z", 422, "as-of-out-of-reach"),
        ("/cases/none/explanation?as_of=0001-01-01T00:00:00%2B08:00", 422, "as-of-out-of-reach"),
        ("/cases/none/explanation?as_of=2034-01-01T00:00:00-12:00", 404, "case-unknown"),
        ("/cases?after=garbage", 400, "invalid-cursor"),
        ("/cases?limit=100000", 422, "invalid-request"),
        ("/judgements/none", 404, "judgement-unknown"),
        ("/judgements?level=purple", 422, "invalid-request"),
        ("/nowhere", 404, "not-found"),
    ],
)
async def test_a_question_that_makes_no_sense_is_answered_with_a_problem(
    supervision: Process, path: str, status: int, code: str
) -> None:
    async with supervision.client() as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
