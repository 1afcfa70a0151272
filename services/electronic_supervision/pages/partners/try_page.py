"""The page where events are tried: what would become of each, in words; nothing is recorded."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from pydantic_core import from_json, to_json
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.doors.systems import systems
from services.electronic_supervision.pages.partners.fates import fate_words
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import too_many_events
from services.electronic_supervision.reading.trying import MOST_TRIED, system_for, try_out

PATH = "/console/try"
LONGEST = 200_000

Trier = Annotated[Caller, Depends(needs(Right.TRY_EVENTS))]
Chosen = Annotated[str, Query(max_length=100)]
System = Annotated[str, Form(max_length=100)]
Text = Annotated[str, Form(max_length=LONGEST)]


def try_page_router(desk: Desk) -> APIRouter:
    """Build the routes of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def form(request: Request, caller: Trier, system: Chosen = "") -> Response:
        """Show the form."""
        return await _page(request, caller, system, "", None)

    @router.post(PATH)
    async def try_events(
        request: Request, caller: Trier, system: System = "", text: Text = ""
    ) -> Response:
        """Show what would become of the events in the form, one or a JSON array of them."""
        return await _page(request, caller, system, text, _events_in(text))

    async def _page(
        request: Request, caller: Caller, system: str, text: str, raws: list[bytes] | None
    ) -> Response:
        own = caller.principal.source
        async with desk.reading() as connection:
            known = await systems(connection)
        shown = [each for each in known.values() if own is None or each.source == own]
        fates = None
        if raws is not None:
            speaker = await system_for(desk, caller.principal, system)
            tried = await try_out(desk, speaker, raws)
            fates = [
                fate_words(number, each, desk.court.office, desk.clock())
                for number, each in enumerate(tried, 1)
            ]
        told = {
            "systems": [(each.name, each.words) for each in shown],
            "system": system,
            "text": text,
            "fates": fates,
            "most": MOST_TRIED,
        }
        return shell_of(request).page(request, "supervision/try.html", told)

    return router


def _events_in(text: str) -> list[bytes]:
    """Take a pasted text apart; what is no JSON is screened as it is, and told so."""
    try:
        told = from_json(text, allow_inf_nan=False)
    except ValueError:
        return [text.encode(errors="replace")]
    events = told if isinstance(told, list) else [told]
    if len(events) > MOST_TRIED:
        raise too_many_events(MOST_TRIED)
    return [to_json(each) for each in events]
