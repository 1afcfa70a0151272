"""Which connectors something stands in the way of."""

from collections.abc import Sequence

import asyncpg

from kernel.readiness import Check, Problem

FAILING = "select name, code from connector where code <> '' order by name"


def connectors_are_well(pool: asyncpg.Pool) -> Check:
    """Return a check that tells of `connector-failing`.

    It is for people to know: the fault is another system's, and this process can do its work. It
    names connector and code only, since anybody may ask.
    """

    async def connectors() -> Sequence[Problem]:
        return [
            Problem(
                code="connector-failing",
                message=f"连接器 {row['name']} 受阻（{row['code']}），原因见“连接器”页面。",
                is_in_the_way=False,
            )
            for row in await pool.fetch(FAILING)
        ]

    return connectors
