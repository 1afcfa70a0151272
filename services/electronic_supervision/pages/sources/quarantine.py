"""The routes by which an operator looks at quarantine and decides about its messages."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.paging import After
from kernel.web.problem import ProblemError
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.sources.quarantine_list import (
    Waiting,
    became,
    line,
    one,
    waiting,
)
from services.electronic_supervision.reading import settling
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.looks import QUARANTINE, looked

PATH = "/console/quarantine"
PAGE = "/console/sources"
"""The page that shows the list."""

LIST = "supervision/quarantine_list.html"
DONE = "supervision/quarantine_done.html"
SETTLED = {"HX-Trigger": "settled"}
"""Has the page close the drawer."""
IN_DRAWER = {"HX-Retarget": "#drawer", "HX-Reswap": "innerHTML"}

Code = Annotated[str, Query(max_length=400)]
Reason = Annotated[str, Form(max_length=1000)]
READ = Depends(needs(Right.SEE_SOURCES))
Reader = Annotated[Caller, Depends(needs(Right.SEE_SOURCES))]
Operator = Annotated[Caller, Depends(needs(Right.SETTLE_MESSAGES))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the list an operator is: of one source or ("") all, after a cursor."""

    source: str = ""
    after: str | None = None

    def url(self, path: str, **more: str | None) -> str:
        """Return an address with this place in it."""
        told = {"source": self.source, "after": self.after} | more
        query = urlencode({name: value for name, value in told.items() if value})
        return f"{path}?{query}" if query else path


async def place(source: Code = "", after: After = None) -> Place:
    """Read the place from an address."""
    return Place(source=source, after=after)


At = Annotated[Place, Depends(place)]


def quarantine_router(desk: Desk) -> APIRouter:
    """Build the routes of quarantine."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH, dependencies=[READ])
    async def held(request: Request, at: At) -> Response:
        """Show the list where a page asks for it; its own page is that of the sources."""
        if not is_part(request):
            return RedirectResponse(f"{at.url(PAGE)}#quarantine", 303)
        return shell_of(request).page(request, LIST, await _list(desk, at))

    @router.get(PATH + "/{message}")
    async def message(request: Request, message: str, at: At, reader: Reader) -> Response:
        """Show a message; the record keeps who looked at it."""
        await looked(desk, QUARANTINE, message, reader)
        return await _message(desk, request, message, at)

    @router.post(PATH + "/{message}/resubmit")
    async def resubmit(request: Request, message: str, at: At, operator: Operator) -> Response:
        deed = settling.resubmit(desk, message, caller=operator)
        return await _done(desk, request, message, at, deed)

    @router.post(PATH + "/{message}/discard")
    async def discard(
        request: Request, message: str, at: At, operator: Operator, reason: Reason = ""
    ) -> Response:
        if not reason.strip() and is_part(request):
            return await _message(desk, request, message, at, lacks_reason=True)
        deed = settling.discard(desk, message, reason, caller=operator)
        return await _done(desk, request, message, at, deed)

    return router


async def _list(desk: Desk, at: Place) -> Mapping[str, object]:
    async with desk.reading() as connection:
        found = await waiting(connection, at.source, at.after)
    return list_told(found, at, desk.court.office, desk.clock())


async def _message(
    desk: Desk, request: Request, message: str, at: Place, *, lacks_reason: bool = False
) -> Response:
    async with desk.reading() as connection:
        found = await one(connection, message)
    template = "held_message_part.html" if is_part(request) else "held_message.html"
    told = {
        "each": line(found, desk.court.office, desk.clock()),
        "at": at,
        "back": f"{at.url(PAGE)}#quarantine",
        "became": became(found),
        "lacks_reason": lacks_reason,
    }
    page = shell_of(request).page
    if lacks_reason:
        return page(request, f"supervision/{template}", told, status=422, headers=IN_DRAWER)
    return page(request, f"supervision/{template}", told)


async def _done(
    desk: Desk, request: Request, message: str, at: Place, deed: Awaitable[object]
) -> Response:
    """Do it, and show what became of the message: in place if a script asks, else on its page."""
    if not is_part(request):
        await deed
        return RedirectResponse(f"{at.url(PAGE, message=message)}#became", 303)
    before = ""
    try:
        await deed
    except ProblemError as error:
        if error.problem.code != "message-settled":
            raise
        before = "已有人先行处理，本次未作处理。"
    async with desk.reading() as connection:
        found = await one(connection, message)
    told = {**await _list(desk, at), "became": became(found, before)}
    return shell_of(request).page(request, DONE, told, headers=SETTLED)


def list_told(found: Waiting, at: Place, office: Office, now: datetime) -> Mapping[str, object]:
    """Return what the list of messages tells."""
    return {
        "at": at,
        "held": [line(each, office, now) for each in found.held],
        "held_count": found.count,
        "held_url": at.url(PATH),
        "earlier": f"{Place(source=at.source).url(PAGE)}#quarantine" if at.after else None,
        "later": f"{at.url(PAGE, after=found.following)}#quarantine" if found.following else None,
    }
