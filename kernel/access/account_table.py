"""The tables of accounts, written in the transaction of the events they follow from.

Whatever takes something from somebody ends his sessions in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import asyncpg

from kernel.access.account import (
    AccountOpened,
    Event,
    IdentityLinked,
    IdentityUnlinked,
    PasswordSet,
    Resumed,
    RoleGranted,
    RoleWithdrawn,
    Suspended,
)
from kernel.access.refused import Refused
from kernel.store.store import VersionConflictError

OPEN = """
insert into account (name, title, opened_at) values ($1, $2, $3)
on conflict (name) do nothing returning name
"""
TAKEN = "select exists (select from token where name = $1)"
GRANT = "insert into account_grant (account, role, unit) values ($1, $2, $3) on conflict do nothing"
WITHDRAW = """
delete from account_grant where account = $1 and role = $2 and unit is not distinct from $3
"""
OWE = "update account set owes_password = $2 where name = $1"
KEEP = """
insert into password (account, digest, set_at) values ($1, $2, $3)
on conflict (account) do update set digest = excluded.digest, set_at = excluded.set_at
"""
LINK = "update account set issuer = $2, subject = $3 where name = $1"
UNLINK = "update account set issuer = null, subject = null where name = $1"
SUSPEND = "update account set is_suspended = $2 where name = $1"
END_ALL = "delete from session where account = $1"


async def project(
    connection: asyncpg.Connection,
    events: Sequence[Event],
    *,
    at: datetime,
    digest: str | None = None,
) -> None:
    """Write what follows from events recorded at an instant (aware).

    `digest` is that of the password that was set; without one, what is kept stays. Raises Refused
    (`account-exists`: a token has the name; `identity-taken`), and VersionConflictError if the
    account was opened since it was decided upon.
    """
    for event in events:
        match event:
            case AccountOpened():
                await _open(connection, event, at)
            case RoleGranted(name=name, grant=grant):
                await connection.execute(GRANT, name, grant.role.value, grant.unit)
            case RoleWithdrawn(name=name, grant=grant):
                await connection.execute(WITHDRAW, name, grant.role.value, grant.unit)
            case PasswordSet(name=name, is_generated=is_generated):
                await connection.execute(OWE, name, is_generated)
                if digest is not None:
                    await connection.execute(KEEP, name, digest, at)
            case IdentityLinked():
                await _link(connection, event)
            case IdentityUnlinked(name=name):
                await connection.execute(UNLINK, name)
            case Suspended(name=name) | Resumed(name=name):
                await connection.execute(SUSPEND, name, isinstance(event, Suspended))
            case _:
                assert_never(event)
        if not isinstance(event, AccountOpened | Resumed):
            await connection.execute(END_ALL, event.name)


async def _open(connection: asyncpg.Connection, event: AccountOpened, at: datetime) -> None:
    if await connection.fetchval(TAKEN, event.name):
        raise Refused("account-exists", field="name")
    if not await connection.fetch(OPEN, event.name, event.title, at):
        raise VersionConflictError
    for grant in event.grants:
        await connection.execute(GRANT, event.name, grant.role.value, grant.unit)


async def _link(connection: asyncpg.Connection, event: IdentityLinked) -> None:
    try:
        await connection.execute(LINK, event.name, event.issuer, event.subject)
    except asyncpg.UniqueViolationError as error:
        raise Refused("identity-taken", field="subject") from error
