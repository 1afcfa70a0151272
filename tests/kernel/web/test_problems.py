"""Every error is a problem with a stable code, and says nothing it should not."""

from typing import Annotated

import asyncpg
import nats.errors
import pytest
from fastapi import APIRouter, Depends

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.media import takes
from kernel.web.problem import ProblemError
from tests.kernel.web.town import CLERKS, opened, raising, town


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/cases/7/", 404, "not-found"),
        ("DELETE", "/v1/cases/7", 405, "method-not-allowed"),
        ("HEAD", "/v1/cases/7", 405, None),
        ("PROPFIND", "/v1/cases/7", 405, "method-not-allowed"),
        ("GET", "/docs", 404, "not-found"),
        ("GET", "/redoc", 404, "not-found"),
        ("POST", "/livez", 405, "method-not-allowed"),
    ],
)
async def test_an_address_or_method_that_is_not_there_is_answered_with_a_problem(
    method: str, path: str, status: int, code: str | None
) -> None:
    async with opened(town()) as house:
        answer = await house.client.request(method, path, headers=CLERKS)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert status != 405 or answer.headers["allow"] in ("GET", "GET, HEAD", "HEAD, GET")
    if code is not None:
        told = answer.json()
        assert told["code"] == code
        assert told["type"] == f"urn:xiaoneng:problem:{code}"
        assert told["status"] == status
        assert told["title"]
        assert told["detail"]
        assert told["fix"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "data"),
        ({"data": {"colour": "red"}}, "data.number"),
        ({"data": {"number": "WH-7", "colour": "SECRET"}}, "data.colour"),
        ({"data": {"number": "WH-7", "colour": "red", "days": "SECRET"}}, "data.days"),
        ({"data": "SECRET"}, "data"),
    ],
)
async def test_a_body_out_of_shape_is_told_by_its_field_and_never_repeated(
    body: object, field: str
) -> None:
    async with opened(town()) as house:
        answer = await house.client.post("/v1/cases", json=body, headers=CLERKS)
    assert answer.status_code == 422
    told = answer.json()
    assert told["code"] == "invalid-request"
    assert told["field"] == field
    assert "SECRET" not in answer.text


async def test_a_number_in_the_path_that_is_none_is_told_by_its_name() -> None:
    async with opened(town()) as house:
        answer = await house.client.get("/v1/cases/SECRET", headers=CLERKS)
    assert (answer.status_code, answer.json()["field"]) == (422, "number")
    assert "SECRET" not in answer.text


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (b'{"data": ', "application/json", 400, "malformed-json"),
        (b'{"data": "\xff"}', "application/json", 400, "malformed-request"),
        (b"[" * 100_000, "application/json", 400, "malformed-request"),
        (b"1" * 5000, "application/json", 400, "malformed-request"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b"{}", "text/plain", 415, "unsupported-media-type"),
        (b"{}", "", 415, "unsupported-media-type"),
        (b"", "application/json", 422, "invalid-request"),
        (b"null", "application/json", 422, "invalid-request"),
    ],
)
async def test_a_body_that_cannot_be_read_is_answered_by_what_is_wrong_with_it(
    body: bytes, media: str, status: int, code: str
) -> None:
    async with opened(town()) as house:
        headers = CLERKS | ({"Content-Type": media} if media else {})
        answer = await house.client.post("/v1/cases", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_problem_of_a_route_is_told_as_it_was_raised() -> None:
    def reused() -> ProblemError:
        return ProblemError(
            409, "id-reused", title="重复", detail="编号用过。", fix="换一个。", field="id"
        )

    async with opened(raising(reused)) as house:
        answer = await house.client.get("/raise", headers=CLERKS)
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "urn:xiaoneng:problem:id-reused",
        "title": "重复",
        "status": 409,
        "detail": "编号用过。",
        "code": "id-reused",
        "field": "id",
        "fix": "换一个。",
    }


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("closed"),
        asyncpg.TooManyConnectionsError("too many"),
        asyncpg.AdminShutdownError("shutting down"),
        asyncpg.InterfaceError("connection is closed"),
        nats.errors.NoServersError(),
        nats.errors.TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_outage_behind_us_is_told_as_one_with_a_time_to_come_again(
    error: Exception,
) -> None:
    async with opened(raising(lambda: error)) as house:
        answer = await house.client.get("/raise", headers=CLERKS)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("SECRET"),
        asyncpg.DataError("SECRET"),
        asyncpg.UnsupportedClientFeatureError("SECRET"),
    ],
)
async def test_a_mistake_of_ours_is_answered_with_a_reference_that_the_log_has(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(raising(lambda: error)) as house:
        answer = await house.client.get("/raise", headers=CLERKS)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (500, "internal-error")
    assert "SECRET" not in answer.text
    assert "Traceback" not in answer.text
    logged = [record for record in caplog.records if record.exc_info]
    assert len(logged) == 1, "an error is logged once, not by every layer"
    assert vars(logged[0])["reference"] == told["reference"]
    assert told["reference"] in told["detail"]


@pytest.mark.parametrize(
    ("media", "status"),
    [
        ("application/cloudevents+json", 200),
        ("Application/CloudEvents+JSON; charset=utf-8", 200),
        ("application/json", 415),
        ("application/cloudevents+json, text/plain", 415),
        ("", 415),
    ],
)
async def test_a_route_that_reads_its_body_itself_takes_its_media_types_only(
    media: str, status: int
) -> None:
    router = APIRouter(dependencies=[Depends(needs(Right.REPORT_EVENTS))])
    kind = takes("application/cloudevents+json")

    @router.post("/events")
    async def events(told: Annotated[str, Depends(kind)]) -> str:
        return told

    async with opened(router) as house:
        headers = CLERKS | ({"Content-Type": media} if media else {})
        answer = await house.client.post("/events", content=b"{}", headers=headers)
    assert answer.status_code == status
    if status == 415:
        assert answer.json()["code"] == "unsupported-media-type"
        assert answer.json()["field"] == "Content-Type"
    else:
        assert answer.json() == "application/cloudevents+json"
