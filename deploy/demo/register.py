"""Registering the units of the simulated city through evaluation's door."""

import asyncio
import json
import logging
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from deploy.demo.city import DEMO_SYSTEMS
from deploy.demo.units import REGISTERED_FROM, UNITS, Unit
from kernel.bus import heed

LOG = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
AGAIN_SECONDS = 1.0
LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}


class NotRegisteredError(Exception):
    """The register does not take the units of the city; the message is its answer."""


async def register(console: str, token: str) -> None:
    """Register all units; those that are registered stay as they are.

    Waits for a door that is away. Raises NotRegisteredError if it does not let us in.
    """
    for unit in UNITS:
        while not await asyncio.to_thread(_is_registered, console, token, unit):
            heed()
            await asyncio.sleep(AGAIN_SECONDS)


def _is_registered(console: str, token: str, unit: Unit) -> bool:
    """Ask once; False if it has to be asked again."""
    try:
        status, answer = _put(console, token, unit)
    except (OSError, HTTPException) as error:
        LOG.warning("register away", extra={"error": repr(error)})
        return False
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in LATER:
        LOG.warning("register away", extra={"status": status})
        return False
    if status == HTTPStatus.CONFLICT:  # somebody has changed the unit since, and that stands
        LOG.info("unit kept", extra={"unit": unit.code})
    elif status >= HTTPStatus.BAD_REQUEST:
        raise NotRegisteredError(f"{unit.code}: {status} {answer}")
    return True


def _put(console: str, token: str, unit: Unit) -> tuple[int, str]:
    parts = urlsplit(console)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    try:
        connection.request(
            "PUT",
            f"{parts.path.rstrip('/')}/units/{quote(unit.code, safe='')}",
            body=json.dumps(registration(unit), ensure_ascii=False).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


def registration(unit: Unit) -> dict[str, object]:
    """Return the form for a unit, with what the systems call it."""
    known = (each.alias(unit) for each in DEMO_SYSTEMS)
    aliases = [{"source": alias.source, "code": alias.code} for alias in known if alias]
    return {
        "name": unit.name,
        "group": unit.group.value,
        "aliases": aliases,
        "effective_from": REGISTERED_FROM.isoformat(),
    }
