"""The pages of connectors: how each stands, what its runs did, and the rows they could not tell."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

import asyncpg
from fastapi import APIRouter, Depends, Query, Request
from pydantic import StringConstraints, TypeAdapter
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.paging import After, read_cursor, write_cursor
from kernel.web.problem import ProblemError
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.pages.connectors import found
from services.electronic_supervision.pages.connectors.words import bad_line, line, run_line
from services.electronic_supervision.pages.wall.page import STREAM
from services.electronic_supervision.reading.desk import Desk

PATH = "/console/connectors"
READ = Depends(needs(Right.SEE_SOURCES))
LAST = 2**63 - 1
Number = Annotated[int, Query(ge=1, le=LAST)]
Name = Annotated[str, Query(max_length=40)]
NUMBER: TypeAdapter[int] = TypeAdapter(Number)
Id = Annotated[str, StringConstraints(max_length=100)]
Line = Annotated[int, Query(ge=0, le=2**31 - 1)]
BAD: TypeAdapter[tuple[Line, Id]] = TypeAdapter(tuple[Line, Id])


def connectors_router(desk: Desk) -> APIRouter:
    """Build the routes of the pages."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)
    office = desk.court.office

    @router.get(PATH)
    async def connectors(request: Request, connector: Name = "", after: After = None) -> Response:
        """Show all connectors, and the runs of one or ("") of all."""
        async with desk.reading() as connection:
            told = await _told(connection, connector, after)
        template = "connector_list.html" if is_part(request) else "connectors.html"
        return shell_of(request).page(request, f"supervision/{template}", told)

    @router.get(PATH + "/runs/{number}")
    async def run(request: Request, number: int, after: After = None) -> Response:
        """Show one run with the rows that it could not tell."""
        async with desk.reading() as connection:
            told = await _run(connection, number, after)
        return shell_of(request).page(request, "supervision/connector_run.html", told)

    async def _told(
        connection: asyncpg.Connection, connector: str, after: str | None
    ) -> Mapping[str, object]:
        now = desk.clock()
        before = LAST if after is None else read_cursor(after, NUMBER)
        rows = await found.runs(connection, connector, before)
        shown, more = rows[: found.PER_PAGE], len(rows) > found.PER_PAGE
        return {
            "connectors": [line(each, office, now) for each in await found.states(connection, now)],
            "runs": [run_line(each, office, now) for each in shown],
            "of": connector,
            "url": _url(PATH, connector=connector, after=after),
            "earlier": _url(PATH, connector=connector) if after else None,
            "later": _url(PATH, connector=connector, after=write_cursor(shown[-1].number))
            if more
            else None,
            "stream": STREAM,
        }

    async def _run(
        connection: asyncpg.Connection, number: int, after: str | None
    ) -> Mapping[str, object]:
        one = await found.run_of(connection, number) if 0 < number <= LAST else None
        if one is None:
            raise _unknown()
        since = (0, "") if after is None else read_cursor(after, BAD)
        rows = await found.bad_rows(connection, number, since)
        shown, more = rows[: found.PER_PAGE], len(rows) > found.PER_PAGE
        url = f"{PATH}/runs/{number}"
        key = write_cursor((shown[-1].line, shown[-1].id)) if more else None
        return {
            "run": run_line(one, office, desk.clock()),
            "bad": [bad_line(each) for each in shown],
            "earlier": url if after else None,
            "later": _url(url, after=key) if key else None,
        }

    return router


def _url(path: str, **told: str | None) -> str:
    query = urlencode({name: value for name, value in told.items() if value})
    return f"{path}?{query}" if query else path


def _unknown() -> ProblemError:
    return ProblemError(
        404,
        "run-unknown",
        title="没有这次读取",
        detail="没有这个编号的读取记录，或者已过保存期。",
        fix="请从连接器页面的列表中选择。",
    )
