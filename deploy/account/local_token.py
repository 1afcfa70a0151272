"""The token of a stack of its own: what its commands and its simulated city show at its doors."""

from contextlib import suppress
from datetime import datetime

from deploy.administrator import administrator
from deploy.tenancies import ACCESS
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.access.refused import Refused
from kernel.access.tokens import issue, revoke

NAME = "local-stack"
BY = by_hand("xiaoneng up")


async def local_token(url: str, *, now: datetime) -> str:
    """Return a new token for this start; that of the start before opens nothing any more."""
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ACCESS.name}")
        async with connection.transaction():
            with suppress(Refused):  # the first start has none to revoke
                await revoke(connection, NAME, now=now, by=BY)
            return await issue(
                connection,
                name=NAME,
                grants=(Grant(role=Role.OFFICE),),
                source=None,
                now=now,
                expires_at=None,
                by=BY,
            )
    finally:
        await connection.close()
