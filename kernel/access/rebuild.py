"""Make the tables of access anew from its record, but for what no event ever held."""

import asyncpg

from kernel.access.token_table import project
from kernel.access.tokens import CODEC, TOKENS
from kernel.store.store import read

# who appends writes here first: while it is locked, the record is complete and stays as it is
LOCK = "lock table token, token_grant in share row exclusive mode"
USED = "select id, last_used_at from token where last_used_at is not null"
USE = "update token set last_used_at = $2 where id = $1"


async def rebuild(connection: asyncpg.Connection) -> None:
    """Rebuild in one transaction; meanwhile everybody known comes in, and commands wait."""
    async with connection.transaction():
        await connection.execute(LOCK)
        used = [tuple(row) for row in await connection.fetch(USED)]
        await connection.execute("delete from token")
        async for stored in read(connection):
            if stored.stream.startswith(TOKENS):
                event = CODEC.decode(stored.type, stored.data)
                await project(connection, [event], at=stored.recorded_at)
        await connection.executemany(USE, used)
