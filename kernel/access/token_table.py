"""The table of tokens, written in the transaction of the events it follows from."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import asyncpg

from kernel.access.refused import Refused
from kernel.access.token import Event, TokenIssued, TokenRevoked

ISSUE = """
insert into token (id, name, digest, source, issued_at, expires_at)
select $1, $2, $3, $4, $5, $6 where not exists (select from account where name = $2)
on conflict do nothing returning id
"""
GRANT = """
insert into token_grant (token, role, unit)
select $1, role, unit from unnest($2::text[], $3::text[]) as g (role, unit)
on conflict do nothing
"""
REVOKE = "update token set revoked_at = $2 where id = $1"


async def project(connection: asyncpg.Connection, events: Sequence[Event], *, at: datetime) -> None:
    """Write what follows from events recorded at an instant (aware).

    Raises Refused (`token-exists`: the name has a token that is good, or is that of an account).
    """
    for event in events:
        match event:
            case TokenIssued():
                await _issue(connection, event, at)
            case TokenRevoked():
                await connection.execute(REVOKE, event.id, at)
            case _:
                assert_never(event)


async def _issue(connection: asyncpg.Connection, event: TokenIssued, at: datetime) -> None:
    digest = bytes.fromhex(event.digest)
    row = (event.id, event.name, digest, event.source, at, event.expires_at)
    if not await connection.fetch(ISSUE, *row):
        raise Refused("token-exists", field="name")
    roles, units = [g.role.value for g in event.grants], [g.unit for g in event.grants]
    await connection.execute(GRANT, event.id, roles, units)
