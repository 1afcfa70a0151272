"""Issue, revoke and list access tokens. The connection's search path is the schema of access."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

import asyncpg

from kernel.access.policy import Role
from kernel.access.principal import Acting, Grant
from kernel.access.refused import Refused
from kernel.access.token import (
    TOKEN,
    Command,
    Event,
    IssueToken,
    RevokeToken,
    State,
    TokenIssued,
    TokenRevoked,
)
from kernel.access.token_table import project
from kernel.codec import Codec
from kernel.handle import Handler
from kernel.store.events import NewPublication

PREFIX = "xn_"
"""How a token of ours begins, so that people and scanners know one that was left lying about."""

TOKENS = "token-"
"""How the names of their streams begin."""

CODEC: Codec[Event] = Codec(TokenIssued, TokenRevoked)

FIND = "select id from token where (id = $1 or name = $1) and revoked_at is null"
KNOWN = "select exists (select from token where id = $1 or name = $1)"
LISTED = """
select t.id, t.name, t.source, t.issued_at, t.expires_at, t.revoked_at, t.last_used_at,
       array(select role from token_grant where token = t.id order by role, unit) as roles,
       array(select unit from token_grant where token = t.id order by role, unit) as units
from token t
"""
ALL = f"{LISTED} order by t.revoked_at is not null, t.name, t.issued_at desc"
ONE = f"{LISTED} where t.id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as it stands, without what would open anything; times are UTC."""

    id: str
    name: str
    grants: tuple[Grant, ...]
    source: str | None
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


async def issue(
    connection: asyncpg.Connection,
    *,
    name: str,
    grants: Iterable[Grant],
    source: str | None,
    now: datetime,
    expires_at: datetime | None,
    by: Acting,
) -> str:
    """Return a new token for `name`, the only time that anybody sees it.

    `source` is the only one it may report under, None if it reports nothing. `by` is
    `caller.acting()`, or `by_hand(...)` at a command line. Raises Refused, as
    `kernel.access.token.decide` and `token_table.project` say.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    await issue_as(
        connection,
        secret,
        name=name,
        grants=grants,
        source=source,
        now=now,
        expires_at=expires_at,
        by=by,
    )
    return secret


async def issue_as(
    connection: asyncpg.Connection,
    secret: str,
    *,
    name: str,
    grants: Iterable[Grant],
    source: str | None,
    now: datetime,
    expires_at: datetime | None,
    by: Acting,
) -> None:
    """Issue a token whose text is known already, as in tests. Raises Refused."""
    digest = sha256(secret.encode()).hexdigest()
    command = IssueToken(
        id=digest[:16],
        name=name,
        grants=tuple(grants),
        source=source,
        digest=digest,
        expires_at=expires_at,
        at=now,
    )
    await _carry_out(connection, command, now, by)


async def revoke(
    connection: asyncpg.Connection, name_or_id: str, *, now: datetime, by: Acting
) -> None:
    """Let nobody in by a token any more; nothing happens if that is so already.

    Raises Refused (`token-unknown`).
    """
    id_ = await connection.fetchval(FIND, name_or_id)
    if id_ is not None:
        await _carry_out(connection, RevokeToken(id=id_), now, by)
    elif not await connection.fetchval(KNOWN, name_or_id):
        raise Refused("token-unknown", field="name")


async def rotate(
    connection: asyncpg.Connection,
    name_or_id: str,
    *,
    now: datetime,
    expires_at: datetime | None,
    by: Acting,
) -> str:
    """Return a new token for the same holder and the same use; the old one opens nothing.

    Raises Refused (`token-unknown`: there is none that is good).
    """
    async with connection.transaction():
        id_ = await connection.fetchval(FIND, name_or_id)
        if id_ is None:
            raise Refused("token-unknown", field="name")
        (old,) = [_row(row) for row in await connection.fetch(ONE, id_)]
        await revoke(connection, old.id, now=now, by=by)
        return await issue(
            connection,
            name=old.name,
            grants=old.grants,
            source=old.source,
            now=now,
            expires_at=expires_at,
            by=by,
        )


async def tokens(connection: asyncpg.Connection) -> list[TokenRow]:
    """Return all tokens, those that are good first, by name."""
    return [_row(row) for row in await connection.fetch(ALL)]


def grants_of(roles: Iterable[str], units: Iterable[str | None]) -> tuple[Grant, ...]:
    """Return the grants of two columns that stand side by side."""
    return tuple(Grant(role=Role(r), unit=u) for r, u in zip(roles, units, strict=True))


async def _carry_out(
    connection: asyncpg.Connection, command: Command, now: datetime, by: Acting
) -> None:
    handler: Handler[Command, Event, State] = Handler(
        decider=TOKEN, codec=CODEC, publish=_nothing, project=partial(project, at=now)
    )
    await handler.handle(connection, f"{TOKENS}{command.id}", command, now=now, metadata=by)


def _nothing(_: Sequence[tuple[str, Event]]) -> Sequence[NewPublication]:
    return ()


def _row(row: asyncpg.Record) -> TokenRow:
    told = dict(row)
    grants = grants_of(told.pop("roles"), told.pop("units"))
    return TokenRow(**told, grants=grants)
