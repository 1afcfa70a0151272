"""Who lets somebody in holds his account: what is taken from it meanwhile is seen, or waits."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from kernel.access.account import Command, LinkIdentity, OpenAccount, Suspend, UnlinkIdentity
from kernel.access.accounts import AccountRow, carry_out, held, held_by
from kernel.access.principal import by_hand
from kernel.database import borrowed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ISSUER = "https://sso.city.cn"
ZHANG = (
    OpenAccount(name="zhang", title="张三", grants=()),
    LinkIdentity(name="zhang", issuer=ISSUER, subject="1"),
)
WAITS = "select wait_event_type = 'Lock' from pg_stat_activity where pid = $1"

Look = Callable[[asyncpg.Connection], Coroutine[Any, Any, AccountRow | None]]


async def by_name(connection: asyncpg.Connection) -> AccountRow | None:
    return await held(connection, "zhang")


async def by_identity(connection: asyncpg.Connection) -> AccountRow | None:
    return await held_by(connection, ISSUER, "1")


async def do(connection: asyncpg.Connection, *commands: Command) -> None:
    for command in commands:
        await carry_out(connection, command, now=NOW, by=by_hand("test"))


@pytest.mark.parametrize(
    ("look", "command"),
    [
        (by_name, Suspend(name="zhang")),
        (by_identity, Suspend(name="zhang")),
        (by_identity, UnlinkIdentity(name="zhang")),
        (by_identity, LinkIdentity(name="zhang", issuer=ISSUER, subject="2")),
    ],
)
async def test_who_lets_somebody_in_waits_for_what_is_being_taken_from_him(
    pool: asyncpg.Pool, look: Look, command: Command
) -> None:
    async with borrowed(pool) as keeper, borrowed(pool) as door, borrowed(pool) as watch:
        await do(keeper, *ZHANG)
        async with keeper.transaction():
            await do(keeper, command)
            knock = asyncio.create_task(look(door))
            await until_waiting(watch, door, knock)
        found = await knock
        assert found is None or found.is_suspended


async def until_waiting(
    watch: asyncpg.Connection, door: asyncpg.Connection, knock: "asyncio.Task[AccountRow | None]"
) -> None:
    async with asyncio.timeout(10):
        while not await watch.fetchval(WAITS, door.get_server_pid()):
            assert not knock.done(), "he was let in by what is no longer so"
            await asyncio.sleep(0.01)
