"""Whether somebody is who he says, and the session he gets then: the same however he showed it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from kernel.access import throttle
from kernel.access.account import NAME
from kernel.access.accounts import AccountRow, digest_of_password, held
from kernel.access.attempts import SignedIn, SignInFailed, note
from kernel.access.sessions import forget, open_session
from kernel.database import borrowed
from kernel.reception.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who knocks; `address` is "" where all come through one proxy and it tells nothing."""

    address: str
    agent: str
    is_direct: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many failures came before: nothing was looked at."""

    pause: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """He is who he says: what his cookie has to hold now."""

    account: AccountRow
    secret: str


async def by_password(
    desk: Desk, name: str, password: str, visitor: Visitor
) -> Admitted | Wait | None:
    """Let somebody in by his password; None if it is wrong, and as late if there is no account."""
    now = desk.clock()
    known = name if NAME.fullmatch(name) else ""
    async with borrowed(desk.pool) as connection:
        if pause := await _pause(connection, name, visitor, now):
            return Wait(pause)
        digest = await digest_of_password(connection, known)
    is_right = await desk.passwords.fits(digest, password)
    async with borrowed(desk.pool) as connection, connection.transaction():
        # who was suspended or got another password while this one was looked at was shut out
        found = await held(connection, known)
        is_right = is_right and await digest_of_password(connection, known) == digest
        if is_right and found is not None and not found.is_suspended:
            await _forgive(connection, name, visitor)
            secret = await admit(connection, desk, found, visitor, how="password")
            return Admitted(account=found, secret=secret)
        await _note_failure(connection, found, visitor, now)
    return None


async def admit(
    connection: asyncpg.Connection, desk: Desk, who: AccountRow, visitor: Visitor, *, how: str
) -> str:
    """Open a session for somebody who has shown who he is; return what his cookie has to hold.

    `how` he did so is `password` or `oidc`. The caller holds the account, which is not suspended.
    """
    now = desk.clock()
    await forget(connection, now=now, limits=desk.limits)
    secret = await open_session(
        connection, who.name, now=now, address=visitor.address, agent=visitor.agent, how=how
    )
    signed_in = SignedIn(name=who.name, address=visitor.address, how=how)
    await note(connection, signed_in, now=now)
    return secret


async def _note_failure(
    connection: asyncpg.Connection, found: AccountRow | None, visitor: Visitor, now: datetime
) -> None:
    """Record a failure; of accounts that do not exist not so many that they fill the record."""
    if found is None and await throttle.wait(
        connection, throttle.NOBODY, throttle.WITH_NOBODY, now
    ):
        return
    name = None if found is None else found.name
    failed = SignInFailed(name=name, address=visitor.address, how="password")
    await note(connection, failed, now=now)


async def _pause(
    connection: asyncpg.Connection, name: str, visitor: Visitor, now: datetime
) -> timedelta:
    """Count an attempt; one that has to wait for its account or its address uses up neither."""
    await throttle.forget(connection, now)
    asked = [(throttle.account_key(name), throttle.WITH_ACCOUNT)]
    if visitor.is_direct:  # in the order of _forgive, lest two wait for each other
        asked.insert(0, (throttle.address_key(visitor.address), throttle.WITH_ADDRESS))
    return await throttle.wait_for_all(connection, asked, now)


async def _forgive(connection: asyncpg.Connection, name: str, visitor: Visitor) -> None:
    if visitor.is_direct:
        await throttle.take_back(connection, throttle.address_key(visitor.address))
    await throttle.forgive(connection, throttle.account_key(name))
