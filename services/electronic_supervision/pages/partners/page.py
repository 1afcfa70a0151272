"""The page of partners: what each may say and hear, its limits, and what was refused."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.pages.partners.words import line
from services.electronic_supervision.pages.wall.page import STREAM
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.partners import partner_states

PATH = "/console/partners"
READ = Depends(needs(Right.SEE_SOURCES))


def partners_router(desk: Desk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(PATH)
    async def partners(request: Request) -> Response:
        """Show all partners."""
        async with desk.reading() as connection:
            states = await partner_states(connection, await desk.now(connection))
        told = {
            "partners": [line(each, desk.court.office, desk.clock()) for each in states],
            "stream": STREAM,
        }
        template = "partner_limits.html" if is_part(request) else "partners.html"
        return shell_of(request).page(request, f"supervision/{template}", told)

    return router
