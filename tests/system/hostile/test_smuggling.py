"""A request that two readers may read differently is refused, and nothing hides behind another."""

import asyncio

import pytest

from tests.system.hostile.town import Town
from tests.system.stack import OPERATOR

BODY = b"reason=x"
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: x\r\n"
HIDDEN = b"GET /cases HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n" % OPERATOR.encode()
CHUNKED = b"0\r\n\r\n"
LAST = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

AMBIGUOUS: dict[str, bytes] = {
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN),
    "two lengths in one": HEAD + b"Content-Length: 0, %d\r\n\r\n" % len(HIDDEN),
    "a length with a sign": HEAD + b"Content-Length: +0\r\n\r\n",
    "a length in hexadecimal": HEAD + b"Content-Length: 0x0\r\n\r\n",
    "a length with an underline": HEAD + b"Content-Length: 1_0\r\n\r\n",
    "an empty length": HEAD + b"Content-Length:\r\n\r\n",
    "a blank before the colon": HEAD + b"Content-Length : 0\r\n\r\n",
    "a coding nobody knows": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKED,
    "two codings": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKED,
    "a coding told twice": HEAD
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"
    + CHUNKED,
    "a chunk without a length": HEAD + b"Transfer-Encoding: chunked\r\n\r\n\r\n" + CHUNKED,
    "a chunk below zero": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + CHUNKED,
    "two hosts": b"GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET /livez HTTP/1.1\r\n\r\n",
    "a header without a name": b"GET /livez HTTP/1.1\r\nHost: x\r\n: evil\r\n\r\n",
    "a bare carriage return": b"GET /livez HTTP/1.1\r\nHost: x\r\nX: a\rEvil: b\r\n\r\n",
    "a blank in the address": b"GET /livez evil HTTP/1.1\r\nHost: x\r\n\r\n",
}


async def answers(town: Town, sent: bytes) -> bytes:
    """Send bytes and a request that ends the connection, and return all that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.doors.port)
    writer.write(sent + LAST)
    async with asyncio.timeout(20):
        told = await reader.read()
    writer.transport.abort()
    return told


@pytest.mark.parametrize("what", AMBIGUOUS)
async def test_what_can_be_read_in_two_ways_is_refused_and_ends_the_connection(
    town: Town, what: str
) -> None:
    told = await answers(town, AMBIGUOUS[what] + HIDDEN)
    assert told.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), told[:200]
    assert told.count(b"HTTP/1.1 ") == 1, "what hid behind it was answered as well"
    assert b"340200-2026" not in told


async def test_where_length_and_chunks_are_told_only_the_chunks_count(town: Town) -> None:
    both = HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED
    told = await answers(town, both)
    statuses = [line.split()[1] for line in told.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert statuses in ([b"400"], [b"403"], [b"403", b"200"]), statuses


async def test_a_body_is_never_read_as_the_next_request(town: Town) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(HIDDEN)
    told = await answers(town, HEAD + length + HIDDEN)
    assert told.count(b"HTTP/1.1 ") == 2, "the form, and the last request"
    assert b"340200-2026" not in told


async def test_an_address_with_a_host_in_it_leads_to_our_own_doors(town: Town) -> None:
    told = await answers(town, b"GET http://evil.example/sign-in HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"evil.example" not in told
