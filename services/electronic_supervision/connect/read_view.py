"""One look at a view: all its rows, or those that changed since the last look."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime

import asyncpg

from kernel.database import borrowed
from services.electronic_supervision.connect import mark, runs
from services.electronic_supervision.connect.connector import View
from services.electronic_supervision.connect.run import Turn, run
from services.electronic_supervision.connect.runs import Trouble
from services.electronic_supervision.connect.view_rows import Asked, view_rows
from services.electronic_supervision.log.entry import Entry


async def read_view(turn: Turn) -> Trouble:
    """Read a view, and return what stood in the way. Raises as `run`."""
    connector, view = turn.connector, turn.connector.place
    if not isinstance(view, View):
        raise TypeError(connector.name)
    written = await _written(turn, view)
    newest = mark.Newest(datetime.fromisoformat(written) if written else None)
    asked = Asked(
        view=view,
        log_map=connector.log_map,
        since=mark.since(written),
        environment=turn.desk.environment,
    )

    def entries() -> AbstractContextManager[Iterable[Entry]]:
        return view_rows(asked, newest)

    async def conclude(connection: asyncpg.Connection, now: datetime) -> None:
        told = mark.written(newest.value)
        await runs.set_mark(connection, connector, told, now, all_=not written)

    return await run(turn, connector.where, entries, conclude)


async def _written(turn: Turn, view: View) -> str:
    if not view.updated:
        return ""
    async with borrowed(turn.desk.pool) as connection:
        all_since = await turn.desk.now(connection) - mark.READ_ALL_AFTER
        return await runs.mark_of(connection, turn.connector, all_since)
