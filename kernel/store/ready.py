"""Whether a service's schema is the one its code was written for."""

from collections.abc import Sequence

import asyncpg

from kernel.database import borrowed
from kernel.readiness import Check, Problem
from kernel.store.migrate import pending


def is_migrated(pool: asyncpg.Pool, packages: Sequence[str]) -> Check:
    """Return a check that tells of `migrations-pending`."""

    async def migrations() -> Sequence[Problem]:
        async with borrowed(pool) as connection:
            missing = await pending(connection, *packages)
        if not missing:
            return ()
        message = f"数据库还缺少变更 {missing[0].name}；请先运行 xiaoneng provision。"
        return (Problem(code="migrations-pending", message=message),)

    return migrations
