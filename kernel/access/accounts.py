"""Carry out commands on accounts, and look them up, in the schema on the search path."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import asyncpg

from kernel.access.account import (
    ACCOUNT,
    AccountOpened,
    Command,
    Event,
    IdentityLinked,
    IdentityUnlinked,
    PasswordSet,
    Resumed,
    RoleGranted,
    RoleWithdrawn,
    SetPassword,
    State,
    Suspended,
)
from kernel.access.account_table import project
from kernel.access.principal import Acting, Grant
from kernel.access.tokens import grants_of
from kernel.codec import Codec
from kernel.handle import Handler
from kernel.store.events import NewPublication

ACCOUNTS = "account-"
"""How the names of their streams begin."""

CODEC: Codec[Event] = Codec(
    AccountOpened,
    RoleGranted,
    RoleWithdrawn,
    PasswordSet,
    IdentityLinked,
    IdentityUnlinked,
    Suspended,
    Resumed,
)

LISTED = """
select a.*,
       array(select role from account_grant where account = a.name order by role, unit) as roles,
       array(select unit from account_grant where account = a.name order by role, unit) as units,
       (select max(seen_at) from session where account = a.name) as seen_at
from account a
"""
ALL = f"{LISTED} order by a.is_suspended, a.name"
OF_NAME = f"{LISTED} where a.name = $1"
# whatever takes something from an account changes its row first, and waits for who lets it in
HELD = f"{OF_NAME} for no key update of a"
HELD_OF_IDENTITY = f"{LISTED} where a.issuer = $1 and a.subject = $2 for no key update of a"
DIGEST = "select digest from password where account = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as it stands; `seen_at` (UTC) is that of a session that has not ended."""

    name: str
    title: str
    grants: tuple[Grant, ...]
    is_suspended: bool
    owes_password: bool
    issuer: str | None
    subject: str | None
    opened_at: datetime
    seen_at: datetime | None


async def carry_out(
    connection: asyncpg.Connection, command: Command, *, now: datetime, by: Acting
) -> Sequence[Event]:
    """Return what a command made happen, nothing if its wish was already true.

    Whoever loses a role, a password or the account loses all his sessions by it, and so does who
    held it when it is linked to somebody. A password is set by `set_password`. Raises Refused, as
    `kernel.access.account.decide` says.
    """
    return await _handled(connection, command, now, by, None)


async def set_password(
    connection: asyncpg.Connection,
    name: str,
    digest: str,
    *,
    is_generated: bool,
    now: datetime,
    by: Acting,
) -> None:
    """Keep the digest of another password; all sessions of the account end by it.

    One that `is_generated` has to be changed at first use. Raises Refused (`account-unknown`).
    """
    command = SetPassword(name=name, is_generated=is_generated)
    await _handled(connection, command, now, by, digest)


async def account(connection: asyncpg.Connection, name: str) -> AccountRow | None:
    """Return an account, None if there is none of this name."""
    return next((_row(row) for row in await connection.fetch(OF_NAME, name)), None)


async def held(connection: asyncpg.Connection, name: str) -> AccountRow | None:
    """Return an account as it stays to the end of the transaction: nobody suspends it meanwhile."""
    return next((_row(row) for row in await connection.fetch(HELD, name)), None)


async def held_by(connection: asyncpg.Connection, issuer: str, subject: str) -> AccountRow | None:
    """Return the account of whom an OpenID Connect issuer knows, as it stays like `held`."""
    rows = await connection.fetch(HELD_OF_IDENTITY, issuer, subject)
    return next((_row(row) for row in rows), None)


async def accounts(connection: asyncpg.Connection) -> list[AccountRow]:
    """Return all accounts by name, those that are suspended last."""
    return [_row(row) for row in await connection.fetch(ALL)]


async def digest_of_password(connection: asyncpg.Connection, name: str) -> str | None:
    """Return what is kept of a password, None if the account has none."""
    found: str | None = await connection.fetchval(DIGEST, name)
    return found


async def _handled(
    connection: asyncpg.Connection,
    command: Command,
    now: datetime,
    by: Acting,
    digest: str | None,
) -> Sequence[Event]:
    handler: Handler[Command, Event, State] = Handler(
        decider=ACCOUNT,
        codec=CODEC,
        publish=_nothing,
        project=partial(project, at=now, digest=digest),
    )
    return await handler.handle(
        connection, f"{ACCOUNTS}{command.name}", command, now=now, metadata=by
    )


def _nothing(_: Sequence[tuple[str, Event]]) -> Sequence[NewPublication]:
    return ()


def _row(row: asyncpg.Record) -> AccountRow:
    told = dict(row)
    grants = grants_of(told.pop("roles"), told.pop("units"))
    return AccountRow(**told, grants=grants)
