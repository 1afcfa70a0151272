"""Units that rights are given for on this command line, though nobody registered them."""

from collections.abc import Collection, Sequence

import asyncpg

from deploy.administrator import administrator
from deploy.tenancies import EVALUATION
from services.evaluation.reading.unregistered import unregistered as asked


async def unregistered(url: str, codes: Collection[str]) -> Sequence[str]:
    """Return those of some codes that the register of units does not know, sorted.

    `url` is an administrator's. Raises RefusedError as `administrator` does.
    """
    if not codes:
        return ()
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {EVALUATION.name}")
        return await asked(connection, codes)
    except asyncpg.UndefinedTableError:  # a register that is not there knows none
        return sorted(codes)
    finally:
        await connection.close()
