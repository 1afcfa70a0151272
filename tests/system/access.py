"""Who may come in, for tests: tokens whose text is known, and people who have signed in."""

from datetime import UTC, datetime

import asyncpg

from deploy.tenancies import ACCESS
from kernel.access import partners
from kernel.access.account import OpenAccount
from kernel.access.accounts import account, carry_out
from kernel.access.partner import AddPartner, Terms
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.access.sessions import open_session
from kernel.access.tokens import issue_as

BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
OFFICE = (Grant(role=Role.OFFICE),)
BY = by_hand("test")


async def let_in(
    url: str,
    token: str,
    *,
    name: str = "operator",
    grants: tuple[Grant, ...] = OFFICE,
    source: str | None = None,
    subscribes: tuple[str, ...] = (),
) -> None:
    """Let whoever shows a token do what the grants say; `url` is an administrator's.

    Who subscribes to something is a partner.
    """
    connection = await _access(url)
    if subscribes:
        command = AddPartner(name=name, terms=Terms(subscribes=subscribes), nkey=None)
        await partners.carry_out(connection, name, command, now=BEFORE, by=BY)
    await issue_as(
        connection,
        token,
        name=name,
        grants=grants,
        source=source,
        now=BEFORE,
        expires_at=None,
        by=BY,
    )
    await connection.close()


async def signed_in(
    url: str,
    name: str,
    *grants: Grant,
    now: datetime,
    title: str = "",
) -> str:
    """Return what the cookie of somebody holds who has an account and has signed in."""
    connection = await _access(url)
    if await account(connection, name) is None:
        command = OpenAccount(name=name, title=title or name, grants=grants)
        await carry_out(connection, command, now=now, by=BY)
    secret = await open_session(connection, name, now=now, address="127.0.0.1", agent="test")
    await connection.close()
    return secret


async def _access(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url, server_settings={"search_path": ACCESS.name})
