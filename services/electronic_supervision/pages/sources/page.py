"""The page of the city systems: when each was last heard, and what of it is amiss."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.pages.sources.quarantine import PAGE, At, list_told
from services.electronic_supervision.pages.sources.quarantine_list import became, one, waiting
from services.electronic_supervision.pages.sources.words import line, unit_line
from services.electronic_supervision.pages.wall.page import STREAM
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.sources import source_states
from services.electronic_supervision.reading.unknown_units import MOST, unknown_units

PATH = PAGE
UNKNOWN = f"{PATH}/unknown-units"
READ = Depends(needs(Right.SEE_SOURCES))
Message = Annotated[str, Query(max_length=100)]


def sources_router(desk: Desk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)
    office = desk.court.office

    @router.get(PATH)
    async def sources(request: Request, at: At, message: Message = "") -> Response:
        """Show the page; `message` is one of which to tell what became."""
        shell = shell_of(request)
        async with desk.reading() as connection:
            lines = await _lines(connection)
            if is_part(request):
                return shell.page(request, "supervision/source_list.html", lines)
            found = await waiting(connection, at.source, at.after)
            settled = became(await one(connection, message)) if message else None
            unknown = await _unknown(connection)
        told = list_told(found, at, office, desk.clock())
        more = {"became": settled, "stream": STREAM, **unknown}
        return shell.page(request, "supervision/sources.html", {**lines, **told, **more})

    @router.get(UNKNOWN)
    async def unregistered(request: Request) -> Response:
        """Show the units that the register does not know where a page asks for them."""
        if not is_part(request):
            return RedirectResponse(f"{PATH}#unknown-units", 303)
        async with desk.reading() as connection:
            told = await _unknown(connection)
        return shell_of(request).page(request, "supervision/unknown_units.html", told)

    async def _unknown(connection: asyncpg.Connection) -> Mapping[str, object]:
        found = await unknown_units(connection)
        return {
            "unknown": [unit_line(each, office, desk.clock()) for each in found],
            "unknown_more": len(found) == MOST,
        }

    async def _lines(connection: asyncpg.Connection) -> Mapping[str, Sequence[object]]:
        now = desk.clock()
        states = await source_states(connection, await desk.now(connection))
        return {"sources": [line(each, office, now) for each in states]}

    return router
