"""Logs are one JSON object a line, and name neither persons nor tokens nor addresses."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from kernel.web.logs import JsonLines, configure, masked
from tests.kernel.web.town import CLERKS, House, opened, raising, town, until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Configure the logs of this process, and put all back afterwards."""
    root = logging.getLogger()
    kept, level, hook = list(root.handlers), root.level, sys.excepthook
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stream = io.StringIO()
    configure(stream)
    yield stream
    root.handlers, sys.excepthook = kept, hook
    root.setLevel(level)
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def requests(stream: io.StringIO) -> list[dict[str, object]]:
    return [line for line in lines(stream) if line["message"] == "request"]


async def logged(stream: io.StringIO, number: int) -> list[dict[str, object]]:
    async def written() -> bool:
        return len(requests(stream)) >= number

    await until(written)
    return requests(stream)


def test_a_record_is_one_object_with_its_time_and_all_it_was_told(stream: io.StringIO) -> None:
    logging.getLogger("town").warning("two\nlines %s", "一", extra={"case": "WH-7", "days": 3})
    (line,) = lines(stream)
    assert str(line.pop("time")).endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "logger": "town",
        "message": "two\nlines 一",
        "case": "WH-7",
        "days": 3,
    }


def test_the_time_is_that_of_the_record_in_rfc_3339(stream: io.StringIO) -> None:
    at = datetime(2026, 11, 23, 9, 2, 3, 456_000, tzinfo=timezone(timedelta(hours=8)))
    record = logging.makeLogRecord({"created": at.timestamp(), "levelno": logging.INFO, "msg": "x"})
    logging.getLogger().handle(record)
    assert lines(stream)[0]["time"] == "2026-11-23T01:02:03.456+00:00"


def test_an_exception_is_one_field_of_one_line(stream: io.StringIO) -> None:
    try:
        int("电话 13800138000\n第二行")
    except ValueError:
        logging.getLogger("town").exception("failed")
    (line,) = lines(stream)
    told = str(line["exception"])
    assert "Traceback" in told
    assert "13800138000" not in told


def test_a_field_of_a_caller_never_takes_the_place_of_ours(stream: io.StringIO) -> None:
    logging.getLogger("town").info("x", extra={"level": "none", "time": "never", "logger": "me"})
    (line,) = lines(stream)
    assert (line["level"], line["logger"]) == ("INFO", "town")
    assert (line["level_"], line["time_"], line["logger_"]) == ("none", "never", "me")


def test_what_json_does_not_know_is_still_a_line(stream: io.StringIO) -> None:
    odd = {1: {"号码": b"x"}, "list": [13800138000, float("nan")], "set": {object}}
    logging.getLogger("town").info("x", extra={"odd": odd})
    assert len(stream.getvalue().splitlines()) == 1
    assert "13800138000" not in stream.getvalue()
    json.loads(stream.getvalue(), parse_constant=pytest.fail)


def test_half_a_character_gets_through_a_stream_of_utf_8() -> None:
    raw = io.BytesIO()
    handler = logging.StreamHandler(io.TextIOWrapper(raw, encoding="utf-8", write_through=True))
    handler.setFormatter(JsonLines())
    handler.handle(logging.makeLogRecord({"msg": "一\ud800"}))
    assert json.loads(raw.getvalue())["message"] == "一\ud800"


def test_warnings_and_last_words_are_lines_too(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", stacklevel=1)
    error = RuntimeError("last words")
    sys.excepthook(RuntimeError, error, None)
    assert [line["logger"] for line in lines(stream)] == ["py.warnings", "crash"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("身份证11010119900307001X。", "身份证[id-number]。"),
        ("身份证11010119900307001x", "身份证[id-number]"),
        ("id=110101199003070012,", "id=[id-number],"),
        ("手机13800138000", "手机[mobile]"),
        ("+86 138 0013 8000 ok", "[mobile] ok"),
        ("8613800138000", "[mobile]"),
        ("138-0013-8000", "[mobile]"),
        ("１３８００１３８０００", "[mobile]"),
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer [token]"),
        ("postgresql://relay:s3cr:et@db:5432/x", "postgresql://relay:[password]@db:5432/x"),
        ("00000000000000000003", "00000000000000000003"),
        ("2026-11-23T01:02:03.456789+00:00", "2026-11-23T01:02:03.456789+00:00"),
        ("1795395723456 ms", "1795395723456 ms"),
        ("WH-2026-0007", "WH-2026-0007"),
    ],
)
def test_numbers_that_name_a_person_and_secrets_are_hidden(text: str, left: str) -> None:
    assert masked(text) == left


async def test_a_request_leaves_one_line_without_address_query_body_or_token(
    stream: io.StringIO,
) -> None:
    async with opened(town()) as house:
        headers = CLERKS | {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        await house.client.get("/v1/cases/110101199003070012?secret=1", headers=headers)
        await house.client.get("/private-path", headers=CLERKS)
        await house.client.delete("/v1/cases/7", headers=CLERKS)
        told = await logged(stream, 3)
    first, second, third = told
    assert float(str(first.pop("milliseconds"))) >= 0
    assert {k: first[k] for k in ("method", "route", "status", "trace")} == {
        "method": "GET",
        "route": "/v1/cases/{number}",
        "status": 200,
        "trace": TRACE,
    }
    assert (second["route"], second["status"]) == ("-", 404)
    assert "trace" not in second
    assert (third["route"], third["status"]) == ("/v1/cases/{number}", 405)
    for never in ("clerk", "secret", "private-path", "110101199003070012"):
        assert never not in stream.getvalue()


@pytest.mark.parametrize("told", ["x", "00-" + "0" * 33, "00-" + "A" * 32 + "-" + "0" * 16 + "-01"])
async def test_a_trace_that_is_none_is_not_logged(stream: io.StringIO, told: str) -> None:
    async with opened(town()) as house:
        await house.client.get("/livez", headers={"traceparent": told})
        (line,) = await logged(stream, 1)
    assert "trace" not in line


async def test_a_mistake_of_ours_is_one_line_with_its_reference(stream: io.StringIO) -> None:
    async with opened(raising(lambda: RuntimeError("oh"))) as house:
        answer = await house.client.get("/raise", headers=CLERKS)
        await logged(stream, 1)
    errors = [line for line in lines(stream) if line["level"] == "ERROR"]
    assert [line["reference"] for line in errors] == [answer.json()["reference"]]


async def test_what_uvicorn_says_is_a_line_of_ours(stream: io.StringIO) -> None:
    async with opened(town()):
        pass
    assert "uvicorn.error" in {line["logger"] for line in lines(stream)}


async def counted(house: House, **labels: str) -> float | None:
    return house.registry.get_sample_value("xiaoneng_http_requests_total", labels)


async def test_requests_are_counted_by_route_and_words_of_callers_make_no_series(
    stream: io.StringIO,
) -> None:
    async with opened(town()) as house:
        for number in range(3):
            await house.client.get(f"/v1/cases/{number}", headers=CLERKS)
            await house.client.get(f"/nowhere/{number}")
            await house.client.request(f"WORD{number}", "/nowhere")
        await logged(stream, 9)
        case = {"route": "/v1/cases/{number}"}
        assert await counted(house, method="GET", status="200", **case) == 3
        assert await counted(house, method="GET", route="-", status="404") == 3
        assert await counted(house, method="-", route="-", status="404") == 3
        times = "xiaoneng_http_request_seconds_count"
        assert house.registry.get_sample_value(times, case) == 3
        text = (await house.client.get("/metrics")).text
    assert "WORD" not in text
    assert "/nowhere" not in text
