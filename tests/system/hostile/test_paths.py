"""No address leads out of the place where it belongs."""

import asyncio

import pytest

from tests.system.hostile.town import Town
from tests.system.stack import OPERATOR

UPWARDS = ("..", "%2e%2e", "..%2f", "..%5c", "%2e%2e%5c", "..%c0%af", "%252e%252e%252f", "....//")
PLACES = (
    "/assets/",
    "/units/",
    "/cases/",
    "/judgements/",
    "/console/cases/",
    "/console/quarantine/",
)
FILES = ("etc/passwd", "pyproject.toml", "kernel/web/app.py", "windows%5cwin.ini")
SECRETS = (b"root:x:", b"[project]", b"FastAPI(", b"create_app")
ODD = (
    "/assets/console.js%00.css",
    "/assets/%00",
    "/assets//etc/passwd",
    "/assets/%2fetc%2fpasswd",
    "/assets/.",
    "/assets/..",
    "/assets/vendor/vendor.json",
    "/assets/vendor.json",
    "/assets/../templates/base.html",
    "/assets/file:%2f%2f%2fetc%2fpasswd",
    "/static/console.js",
    "/.git/config",
    "/.env",
    "/stack.json",
    "//etc/passwd",
    "/\\etc\\passwd",
)


async def raw(town: Town, path: str) -> bytes:
    """Ask for an address exactly as it is spelled, which no client would."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.doors.port)
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    writer.write(f"{head}Authorization: Bearer {OPERATOR}\r\n\r\n".encode())
    async with asyncio.timeout(20):
        told = await reader.read()
    writer.close()
    return told


@pytest.mark.parametrize("place", PLACES)
async def test_no_way_upwards_leads_to_a_file(town: Town, place: str) -> None:
    for up in UPWARDS:
        for file in FILES:
            path = place + f"{up}/" * 6 + file
            told = await raw(town, path)
            assert told.split()[1] in (b"400", b"404"), path
            assert not any(each in told for each in SECRETS), path


@pytest.mark.parametrize("path", ODD)
async def test_no_odd_name_is_a_file_of_ours(town: Town, path: str) -> None:
    told = await raw(town, path)
    assert told.split()[1] in (b"400", b"404"), told[:100]
    assert not any(each in told for each in SECRETS)
    assert b"Traceback" not in told
