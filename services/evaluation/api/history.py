"""What happened to an entry of the register, page by page."""

import asyncpg

from kernel.store.store import load
from kernel.web.paging import Page, page_of, read_cursor
from services.evaluation.api.parameters import VERSIONS
from services.evaluation.forms.history import ChangeView
from services.evaluation.problems import of
from services.evaluation.store import Kind


async def history_of(
    connection: asyncpg.Connection, kind: Kind, code: str, *, limit: int, after: str | None
) -> Page[ChangeView]:
    """Return a page of what happened to an entry. Raises ProblemError `…-unknown`."""
    last = 0 if after is None else read_cursor(after, VERSIONS)
    stream = kind.stream_of(code)
    changes = await load(connection, stream, after=last)
    if not changes and not await load(connection, stream):
        raise of(f"{kind.name}-unknown", "code")
    rows = changes[: limit + 1]
    return page_of(rows, limit, item=ChangeView.of, key=lambda stored: stored.version)
