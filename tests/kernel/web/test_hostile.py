"""Callers who send too much, too slowly or nonsense are answered, and nobody else notices."""

import asyncio
import logging
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from kernel.web import connection
from kernel.web.body import LARGEST_BODY
from tests.kernel.web.town import CLERKS, House, opened, town, until

TOKEN = b"Authorization: Bearer clerk\r\n"
LIVE = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNK = 1 << 16


@asynccontextmanager
async def wire(
    house: House,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one response that says how long it is."""
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        lengths = [line.split(b":")[1] for line in lines if line.startswith(b"content-length")]
        return int(head.split()[1]), await reader.readexactly(int(lengths[0]))


async def gone(reader: asyncio.StreamReader) -> bool:
    """Tell whether the other side hangs up within the time of a test."""
    async with asyncio.timeout(5):
        try:
            await reader.read()
        except ConnectionResetError:
            return True
        return reader.at_eof()


async def reading() -> bool:
    """Tell whether a request is being answered."""
    return any("run_asgi" in str(task.get_coro()) for task in asyncio.all_tasks())


async def still_serves(house: House) -> bool:
    return (await house.client.get("/livez")).status_code == 200


def post(path: bytes, *headers: bytes) -> bytes:
    told = b"".join(header + b"\r\n" for header in headers)
    return b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + TOKEN + told + b"\r\n"


async def test_a_body_of_the_largest_size_comes_in_whole() -> None:
    async with opened(town()) as house:
        answer = await house.client.post("/v1/raw", content=b"x" * LARGEST_BODY, headers=CLERKS)
    assert (answer.status_code, answer.json()) == (200, {"bytes": LARGEST_BODY})


@pytest.mark.parametrize("path", ["/v1/raw", "/v1/cases", "/nowhere"])
async def test_a_body_said_to_be_too_large_is_refused_and_the_connection_goes_on(
    path: str,
) -> None:
    async with opened(town()) as house, wire(house) as (reader, writer):
        size = LARGEST_BODY + 1
        writer.write(post(path.encode(), b"Content-Length: %d" % size))
        status, body = await answered(reader)
        assert status == 413
        assert b'"code":"too-large"' in body
        writer.write(b"x" * size + LIVE)
        assert (await answered(reader))[0] == 200, "the rest of the body was taken for a request"


@pytest.mark.parametrize("path", [b"/v1/raw", b"/v1/cases"])
async def test_a_body_in_chunks_that_grows_too_large_is_refused_and_the_connection_goes_on(
    path: bytes,
) -> None:
    async with opened(town()) as house, wire(house) as (reader, writer):
        headers = [b"Transfer-Encoding: chunked", b"Content-Type: application/json"]
        writer.write(post(path, *headers))
        for _ in range(2 * LARGEST_BODY // CHUNK):
            writer.write(b"%x\r\n" % CHUNK + b"x" * CHUNK + b"\r\n")
        writer.write(b"0\r\n\r\n" + LIVE)
        status, body = await answered(reader)
        assert status == 413
        assert b'"code":"too-large"' in body
        assert (await answered(reader))[0] == 200
        assert await still_serves(house)


async def test_a_body_without_end_is_neither_kept_nor_read_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    async with opened(town()) as house, wire(house) as (reader, writer):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        writer.write(post(b"/v1/raw", b"Transfer-Encoding: chunked"))

        async def pour() -> None:
            while True:
                writer.write(b"%x\r\n" % CHUNK + b"x" * CHUNK + b"\r\n")
                await writer.drain()

        pouring = asyncio.create_task(pour())
        assert (await answered(reader))[0] == 413
        assert await gone(reader), "a body that was refused is drained for ever"
        with pytest.raises((ConnectionError, OSError)):
            await pouring
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 64 * 1024, f"{grown} KiB were kept of a body that was refused"


async def test_a_body_that_trickles_in_is_refused_after_its_time() -> None:
    async with opened(town(), body_seconds=0.5) as house, wire(house) as (reader, writer):
        writer.write(post(b"/v1/raw", b"Content-Length: 1000"))

        async def trickle() -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.02)

        trickling = asyncio.create_task(trickle())
        status, body = await answered(reader)
        assert status == 408
        assert b'"code":"too-slow"' in body
        assert await gone(reader)
        trickling.cancel()


async def test_a_head_that_trickles_in_is_cut_off_after_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    async with opened(town()) as house, wire(house) as (reader, writer):

        async def trickle() -> None:
            writer.write(b"GET /livez HTTP/1.1\r\nX: ")
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.02)

        trickling = asyncio.create_task(trickle())
        assert await gone(reader)
        trickling.cancel()


async def test_a_caller_who_says_nothing_is_cut_off_but_one_who_was_served_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    async with opened(town()) as house, wire(house) as (reader, writer):
        writer.write(LIVE)
        assert (await answered(reader))[0] == 200
        async with wire(house) as (silent, _):
            assert await gone(silent)
        writer.write(LIVE)
        assert (await answered(reader))[0] == 200, "keep-alive was cut short"


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/raw HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/raw HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"1" * 5000 + b"\r\n\r\n",
        b"POST /v1/raw HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60 + b"\r\n\r\n",
    ],
    ids=["word", "header", "headers", "path", "nul", "bytes", "minus", "digits", "two", "tls"],
)
async def test_what_is_no_http_is_answered_with_a_problem_and_the_house_goes_on(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(town()) as house, wire(house) as (reader, writer):
        writer.write(sent)
        status, body = await answered(reader)
        assert status == 400
        assert b'"code":"malformed-request"' in body
        assert await still_serves(house)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "path", ["/v1/cases/%00", "/v1/cases/%ff%fe", "/%00", "/v1/cases/7?a=%00", "/livez?a=%ff"]
)
async def test_an_address_that_no_database_could_store_is_refused_at_the_door(path: str) -> None:
    async with opened(town()) as house:
        answer = await house.client.get(path, headers=CLERKS)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-address")
        assert await still_serves(house)


async def test_an_address_in_chinese_is_one() -> None:
    async with opened(town()) as house:
        answer = await house.client.get("/livez", params={"名称": "发改委"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [b"/v1/raw", b"/v1/cases"])
async def test_a_caller_who_leaves_in_the_middle_of_a_body_is_no_error_of_ours(
    path: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with opened(town()) as house:
        async with wire(house) as (_, writer):
            headers = [b"Content-Length: 1000", b"Content-Type: application/json"]
            writer.write(post(path, *headers) + b"half")
            await writer.drain()
            await until(reading)

        async def told() -> bool:
            return any(record.message == "request" for record in caplog.records)

        await until(told)
        assert await still_serves(house)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_caller_who_waits_to_be_told_to_continue_is_told_or_refused() -> None:
    async with opened(town()) as house:
        async with wire(house) as (reader, writer):
            writer.write(post(b"/v1/raw", b"Content-Length: 3", b"Expect: 100-continue"))
            async with asyncio.timeout(5):
                assert b"100" in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"abc")
            assert (await answered(reader))[0] == 200
        async with wire(house) as (reader, writer):
            writer.write(post(b"/v1/raw", b"Content-Length: 9999999", b"Expect: 100-continue"))
            assert (await answered(reader))[0] == 413


async def test_requests_sent_at_once_on_one_connection_are_answered_in_order() -> None:
    async with opened(town()) as house, wire(house) as (reader, writer):
        asks = [b"/livez", b"/nowhere", b"/readyz", b"/livez"] * 5
        writer.write(b"".join(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in asks))
        statuses = [(await answered(reader))[0] for _ in asks]
    assert statuses == [200, 404, 200, 200] * 5
