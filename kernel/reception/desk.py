"""What the pages of reception share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from starlette.requests import Request

from kernel.access.holders import Holders
from kernel.access.passwords import Passwords
from kernel.access.sessions import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The record of access; `holders` has to forget whenever somebody was shut out.

    `elsewhere` names the provider by which people may sign in too, "" if there is none.
    """

    pool: asyncpg.Pool
    clock: Callable[[], datetime]
    holders: Holders
    passwords: Passwords
    limits: Limits
    elsewhere: str = ""


def address_of(request: Request) -> str:
    """Return who sends us the packets; headers that name somebody else are anybody's word."""
    return "" if request.client is None else request.client.host
