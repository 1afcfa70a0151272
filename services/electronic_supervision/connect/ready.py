"""Which connectors something stands in the way of."""

from collections.abc import Sequence

import asyncpg

from kernel.readiness import Check, Problem

FAILING = "select name, message from connector where code <> '' order by name"


def connectors_are_well(pool: asyncpg.Pool) -> Check:
    """Return a check that tells of `connector-failing`.

    It is for people to know: the fault is another system's, and this process can do its work.
    """

    async def connectors() -> Sequence[Problem]:
        return [
            Problem(
                code="connector-failing",
                message=f"连接器 {row['name']}：{row['message']}",
                is_in_the_way=False,
            )
            for row in await pool.fetch(FAILING)
        ]

    return connectors
