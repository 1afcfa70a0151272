"""Registering the units and items of the simulated city through the doors of the services."""

import asyncio
import json
import logging
from collections.abc import Iterable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from deploy.demo.city import DEMO_SYSTEMS
from deploy.demo.staff import Wish, staff
from deploy.demo.units import REGISTERED_FROM, UNITS, Unit
from kernel.bus import heed

LOG = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
AGAIN_SECONDS = 1.0
CAN_NOT_BE = HTTPStatus.UNPROCESSABLE_ENTITY
LATER = {HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}
"""The service behind a door may begin later than the process."""


class NotRegisteredError(Exception):
    """The register does not take the units of the city; the message is its answer."""


async def register(console: str, token: str) -> None:
    """Register all units, and the people of some; what is there already stays as it is.

    Waits for a door that is away. Raises NotRegisteredError if it does not let us in, or does not
    take a unit.
    """
    await grant(console, token, (*map(_registered, UNITS), *staff()))


async def grant(console: str, token: str, wishes: Iterable[Wish]) -> None:
    """Tell wishes one after another; waits and raises as `register` does."""
    for wish in wishes:
        while not await asyncio.to_thread(_is_granted, console, token, wish):
            heed()
            await asyncio.sleep(AGAIN_SECONDS)


def _is_granted(console: str, token: str, wish: Wish) -> bool:
    """Ask once; False if it has to be asked again."""
    try:
        status, answer = _ask(console, token, wish)
    except (OSError, HTTPException) as error:
        LOG.warning("register away", extra={"error": repr(error)})
        return False
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in LATER:
        LOG.warning("register away", extra={"status": status})
        return False
    kind, code, *_ = wish.path
    # somebody has changed the entry since, or what it needs, and that stands
    if status == HTTPStatus.CONFLICT or (kind != "units" and status == CAN_NOT_BE):
        LOG.info("entry kept", extra={"kind": kind, "entry": code})
    elif status >= HTTPStatus.BAD_REQUEST:
        raise NotRegisteredError(f"{code}: {status} {answer}")
    return True


def _ask(console: str, token: str, wish: Wish) -> tuple[int, str]:
    parts = urlsplit(console)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    path = "/".join(quote(each, safe="") for each in wish.path)
    try:
        connection.request(
            wish.method,
            f"{parts.path.rstrip('/')}/{path}",
            body=json.dumps(wish.form, ensure_ascii=False).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


def _registered(unit: Unit) -> Wish:
    return Wish(method="PUT", path=("units", unit.code), form=registration(unit))


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
