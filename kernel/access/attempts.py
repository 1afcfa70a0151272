"""Who signed in, and who tried and failed: for the record, and without what was typed."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kernel.access.principal import by_hand
from kernel.codec import Codec
from kernel.store.events import NewEvent
from kernel.store.store import append

SIGN_INS = "sign-in-"
"""How the names of their streams begin; that of nobody ends there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody came in; `how` is `password` or `oidc`."""

    name: str
    address: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed:
    """Somebody did not come in; `name` is None if there is no such account.

    What he typed is not kept then: it may have been a password.
    """

    name: str | None
    address: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """Somebody left: from this browser, or everywhere."""

    name: str
    everywhere: bool


Event = SignedIn | SignInFailed | SignedOut

CODEC: Codec[Event] = Codec(SignedIn, SignInFailed, SignedOut)


async def note(connection: asyncpg.Connection, event: Event, *, now: datetime) -> None:
    """Record an attempt; nothing is decided upon, so that nothing is loaded."""
    name, data = CODEC.encode(event)
    about = dict(by_hand(event.name or ""))
    new = NewEvent(
        stream=f"{SIGN_INS}{event.name or ''}",
        id=f"{SIGN_INS}{secrets.token_hex(16)}",
        type=name,
        data=data,
        metadata=json.dumps(about, ensure_ascii=False, sort_keys=True),
    )
    await append(connection, [new], now)
