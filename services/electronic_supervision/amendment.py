"""A change of what cases are judged by: it counts at once, and whom it concerns is judged anew."""

from collections.abc import Sequence
from datetime import date

import asyncpg

# waits for the steps of the loop that judge by what was so far; later ones wait for us
AMEND = "update law set version = version + 1"
# a local day begins before that of Greenwich ends: one day more than needed harms nobody
WAKE_ITEMS = """
update docket
set next_at = coalesce((select min(heard_through) from checkpoint), clock_timestamp())
where item = any($1) and (accepted_at is null or accepted_at >= $2::date - 1)
"""
# the ended ones within an hour, lest new deadlines wait behind all of them
WAKE_SINCE = """
update docket
set next_at = coalesce((select min(heard_through) from checkpoint), clock_timestamp())
    + case when is_ended then random() * interval '1 hour' else interval '0' end
where ended_at is null or ended_at >= $1::date - 1
"""


async def amended(connection: asyncpg.Connection) -> None:
    """Let every process take up what changes in this transaction before it judges again."""
    await connection.execute(AMEND)


async def wake_items(connection: asyncpg.Connection, codes: Sequence[str], since: date) -> None:
    """Have the cases of items judged anew that were accepted on a local day or later.

    `codes` are all by which cases may call them, whatever their systems mean by these.
    """
    await connection.execute(WAKE_ITEMS, codes, since)


async def wake_since(connection: asyncpg.Connection, since: date) -> None:
    """Have all cases judged anew that were not over before a local day."""
    await connection.execute(WAKE_SINCE, since)
