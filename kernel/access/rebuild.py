"""Make the tables of access anew from its record, but for what no event ever held."""

import asyncpg

from kernel.access import account_table, accounts, partners, token_table, tokens
from kernel.store.events import StoredEvent
from kernel.store.store import read

# who appends writes here first: while it is locked, the record is complete and stays as it is
LOCK = """
lock table account, account_grant, token, token_grant, partner in share row exclusive mode
"""
USED = "select id, last_used_at from token where last_used_at is not null"
USE = "update token set last_used_at = $2 where id = $1"


async def rebuild(connection: asyncpg.Connection) -> None:
    """Rebuild in one transaction; meanwhile commands wait, and then everybody signs in again.

    Passwords stay as they are.
    """
    async with connection.transaction():
        await connection.execute(LOCK)
        used = [tuple(row) for row in await connection.fetch(USED)]
        await connection.execute("delete from token")
        await connection.execute("delete from account")
        await connection.execute("delete from partner")
        await connection.execute("delete from session")
        async for stored in read(connection):
            await _project(connection, stored)
        await connection.executemany(USE, used)


async def _project(connection: asyncpg.Connection, stored: StoredEvent) -> None:
    at = stored.recorded_at
    if stored.stream.startswith(tokens.TOKENS):
        token = tokens.CODEC.decode(stored.type, stored.data)
        await token_table.project(connection, [token], at=at)
    elif stored.stream.startswith(accounts.ACCOUNTS):
        account = accounts.CODEC.decode(stored.type, stored.data)
        await account_table.project(connection, [account], at=at)
    elif stored.stream.startswith(partners.STREAMS):
        partner = partners.CODEC.decode(stored.type, stored.data)
        await partners.project(connection, [partner], at=at)
