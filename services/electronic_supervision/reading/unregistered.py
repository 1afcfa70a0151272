"""Units that rights are given for, though the register does not know them."""

from collections.abc import Collection, Sequence

import asyncpg

UNREGISTERED = """
select given from unnest($1::text[]) given
where not exists (select from unit where code = given) order by given
"""


async def unregistered(
    record: asyncpg.Pool | asyncpg.Connection, codes: Collection[str]
) -> Sequence[str]:
    """Return those of some codes that no unit has or ever had, sorted."""
    return [row["given"] for row in await record.fetch(UNREGISTERED, list(codes))]
