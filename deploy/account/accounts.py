"""Accounts from the command line of a server: opened, reset, listed, and those of a first start."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from deploy.administrator import administrator
from deploy.refusal import RefusedError
from deploy.tenancies import ACCESS
from kernel.access.account import OpenAccount
from kernel.access.accounts import AccountRow, account, accounts, carry_out, set_password
from kernel.access.passwords import Passwords, generated
from kernel.access.policy import ROLE_WORDS, Role
from kernel.access.principal import Grant, by_hand
from kernel.access.refused import Refused
from kernel.reception.refusals import told

BY = by_hand("命令行")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An account, and the password that was made for it: shown once, and kept nowhere."""

    name: str
    title: str
    grants: tuple[Grant, ...]
    password: str = field(repr=False)


FIRST = (
    ("admin", "系统管理员", Grant(role=Role.ADMINISTRATOR)),
    ("operator", "值班人员", Grant(role=Role.OFFICE)),
)
DEMO_UNIT = "WH-ZJJ"
OF_DEMO = tuple(
    (role.value, f"演示{ROLE_WORDS[role]}", Grant(role=role, unit=unit))
    for role, unit in (
        (Role.RECEPTION, None),
        (Role.HANDLER, DEMO_UNIT),
        (Role.DISCIPLINE, None),
        (Role.REVIEW, None),
        (Role.LEADER, None),
        (Role.AUDITOR, None),
    )
)
"""One of each other role, to look at a simulated city."""


async def opened(
    url: str, name: str, title: str, grants: tuple[Grant, ...], *, now: datetime
) -> Opened:
    """Open an account with a password that has to be changed at first use.

    `url` is an administrator's, `now` aware. Raises RefusedError (`account-exists`,
    `name-unusable`, `title-unusable`, `unit-needed`, `role-of-machines`, `not-provisioned`).
    """
    async with _access(url) as connection:
        if await account(connection, name) is not None:
            raise Refused("account-exists", field="name")
        return await _open(connection, name, title, grants, now)


async def reset(url: str, name: str, *, now: datetime) -> Opened:
    """Give an account another password; whoever is signed in by it has to sign in again.

    Raises RefusedError (`account-unknown`, `not-provisioned`).
    """
    async with _access(url) as connection:
        found = await account(connection, name)
        if found is None:
            raise Refused("account-unknown", field="name")
        password = await _with_password(connection, name, now)
        return Opened(name=name, title=found.title, grants=found.grants, password=password)


async def listed(url: str) -> Sequence[AccountRow]:
    """Return all accounts. Raises RefusedError (`not-provisioned`)."""
    async with _access(url) as connection:
        return await accounts(connection)


async def first(url: str, *, is_demo: bool, now: datetime) -> Sequence[Opened]:
    """Open the accounts that a stack of its own begins with, unless there are any; return those.

    A demonstration has one of each role.
    """
    async with _access(url) as connection:
        known = {each.name for each in await accounts(connection)}
        wanted = [*(() if known else FIRST), *(OF_DEMO if is_demo else ())]
        return [
            await _open(connection, name, title, (grant,), now)
            for name, title, grant in wanted
            if name not in known
        ]


@asynccontextmanager
async def _access(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Connect to the record of access, and say its refusals as commands do."""
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ACCESS.name}")
        yield connection
    except Refused as refused:
        words = told(refused)
        raise RefusedError(refused.code, words["detail"], words["fix"]) from refused
    except asyncpg.UndefinedTableError as error:
        raise RefusedError(
            "not-provisioned",
            "库中没有账号的记录。",
            "请先执行 xiaoneng up 或 xiaoneng provision。",
        ) from error
    finally:
        await connection.close()


async def _open(
    connection: asyncpg.Connection,
    name: str,
    title: str,
    grants: tuple[Grant, ...],
    now: datetime,
) -> Opened:
    async with connection.transaction():  # an account without a password could not be told of again
        command = OpenAccount(name=name, title=title, grants=grants)
        await carry_out(connection, command, now=now, by=BY)
        password = await _with_password(connection, name, now)
    return Opened(name=name, title=title, grants=grants, password=password)


async def _with_password(connection: asyncpg.Connection, name: str, now: datetime) -> str:
    password = generated()
    digest = await Passwords().digest(password)
    await set_password(connection, name, digest, is_generated=True, now=now, by=BY)
    return password
