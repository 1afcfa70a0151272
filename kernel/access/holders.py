"""Who holds a session or a token: looked up by its digest, and remembered for a moment."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg

from kernel.access.principal import Principal
from kernel.access.sessions import Limits
from kernel.access.tokens import grants_of
from kernel.database import borrowed

REMEMBER_SECONDS = 1.0
"""How long another process may let somebody in after he was shut out."""

LARGEST = 10_000
NOTE = timedelta(minutes=1)

OF_VISITOR = """
select a.name, a.title, a.owes_password and s.how = 'password' as owes_password, s.seen_at,
       array(select role from account_grant where account = a.name order by role, unit) as roles,
       array(select unit from account_grant where account = a.name order by role, unit) as units
from session s join account a on a.name = s.account
where s.digest = $1 and s.opened_at > $2 and s.seen_at > $3 and not a.is_suspended
"""
# what a partner subscribes to is what was agreed with it last; nobody else subscribes
OF_MACHINE = """
select t.name, t.source, t.last_used_at,
       coalesce((select subscribes from partner p where p.name = t.name and p.revoked_at is null),
                '{}') as subscribes,
       array(select role from token_grant where token = t.id order by role, unit) as roles,
       array(select unit from token_grant where token = t.id order by role, unit) as units
from token t
where t.digest = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2)
  and not exists (select from partner p where p.source = t.source and p.revoked_at is not null)
"""
SEEN = "update session set seen_at = $2 where digest = $1 and seen_at < $2"
USED = """
update token set last_used_at = $2
where digest = $1 and (last_used_at is null or last_used_at < $2)
"""


class Holders:
    """Knows the holders of sessions and tokens, of each for a second."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], datetime], limits: Limits) -> None:
        self._pool = pool
        self._clock = clock
        self._limits = limits
        self._ticks = asyncio.get_running_loop().time
        self._known: dict[bytes, tuple[float, Principal]] = {}
        self._changes = 0

    async def lookup(self, digest: bytes) -> Principal | None:
        """Return who holds what has this sha256 digest, None for nobody."""
        until, principal = self._known.get(digest, (0.0, None))
        if self._ticks() < until:
            return principal
        changes = self._changes
        async with borrowed(self._pool) as connection:
            found = await self._of_session(connection, digest)
            found = found or await self._of_token(connection, digest)
        if found is None:
            self._known.pop(digest, None)
        elif changes == self._changes:  # else what was read may have changed since
            self._remember(digest, found)
        return found

    def forget(self) -> None:
        """Look everybody up again: somebody was shut out, or may do something else."""
        self._changes += 1
        self._known.clear()

    def _remember(self, digest: bytes, principal: Principal) -> None:
        if len(self._known) >= LARGEST:
            self._known.clear()
        self._known[digest] = (self._ticks() + REMEMBER_SECONDS, principal)

    async def _of_session(self, connection: asyncpg.Connection, digest: bytes) -> Principal | None:
        now, limits = self._clock(), self._limits
        since = (now - limits.longest, now - limits.idle)
        row = await connection.fetchrow(OF_VISITOR, digest, *since)
        if row is None:
            return None
        if now - row["seen_at"] >= NOTE:
            await connection.execute(SEEN, digest, now)
        return Principal(
            name=row["name"],
            title=row["title"],
            grants=grants_of(row["roles"], row["units"]),
            has_account=True,
            owes_password=row["owes_password"],
        )

    async def _of_token(self, connection: asyncpg.Connection, digest: bytes) -> Principal | None:
        now = self._clock()
        row = await connection.fetchrow(OF_MACHINE, digest, now)
        if row is None:
            return None
        if row["last_used_at"] is None or now - row["last_used_at"] >= NOTE:
            await connection.execute(USED, digest, now)
        grants = grants_of(row["roles"], row["units"])
        return Principal(
            name=row["name"],
            grants=grants,
            source=row["source"],
            subscribes=tuple(row["subscribes"]),
        )
