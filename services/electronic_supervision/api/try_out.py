"""POST /events/try: what would become of events; nothing of it is recorded, judged or counted."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from services.electronic_supervision.api.emit import BODY, EventOutcome, kind_of, parts_of
from services.electronic_supervision.domain.clocks import Clock
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.quarantine_words import why_words
from services.electronic_supervision.reading.trying import (
    MOST_TRIED,
    Fate,
    Outlook,
    system_for,
    try_out,
)
from services.electronic_supervision.reading.views import ClockView, clock_view

Trier = Annotated[Caller, Depends(needs(Right.TRY_EVENTS))]
System = Annotated[str, Query(max_length=100)]


class CaseOutlook(BaseModel):
    """A case as it would stand after the event; its dues are by the calendar of today."""

    number: str
    unit: str
    item: str
    flags: list[str]
    """What would be odd about its facts."""
    clocks: list[ClockView]
    judgements: list[str]
    """Levels of the reminders, cards and leads that would be raised."""


class TriedEvent(EventOutcome):
    """What would become of one event; it was only tried."""

    test: Literal[True] = True
    outlook: CaseOutlook | None = None


class Tried(BaseModel):
    """What would become of events that were told one after the other."""

    test: Literal[True] = True
    system: str
    events: list[TriedEvent]


def try_router(desk: Desk) -> APIRouter:
    """Build the route of the sandbox."""
    router = APIRouter()

    @router.post("/events/try", openapi_extra={"requestBody": BODY})
    async def try_events(request: Request, caller: Trier, system: System = "") -> Tried:
        """Screen events and judge their cases, and leave no trace.

        A partner tries its own; who looks after all names the `system` that he stands in for.
        """
        raws = parts_of(kind_of(request), await request.body(), MOST_TRIED)
        speaker = await system_for(desk, caller.principal, system)
        fates = await try_out(desk, speaker, raws)
        office = desk.court.office
        events = [_tried(index, each, desk, office) for index, each in enumerate(fates)]
        return Tried(system=speaker.name, events=events)

    return router


def _tried(index: int, fate: Fate, desk: Desk, office: Office) -> TriedEvent:
    if fate.why is not None or fate.told is None:
        why = fate.why
        return TriedEvent(
            outcome="rejected",
            index=index,
            code=None if why is None else why.code,
            field=None if why is None else why.field or None,
            message=None if why is None else why_words(why.code, why.field, why.message),
        )
    outlook = fate.outlook
    return TriedEvent(
        outcome="duplicate" if fate.is_duplicate else "accepted",
        index=index,
        id=fate.told.event.id,
        case=None if outlook is None else outlook.id,
        flags=list(fate.flags),
        outlook=None if outlook is None else _shown(outlook, desk, office),
    )


def _view(clock: Clock, office: Office, now: datetime) -> list[ClockView]:
    try:
        return [clock_view(clock, office, now)]
    except OverflowError:  # its limit leaves the calendar
        return []


def _shown(outlook: Outlook, desk: Desk, office: Office) -> CaseOutlook:
    case, now = outlook.case, desk.clock()
    return CaseOutlook(
        number=outlook.number,
        unit=case.unit,
        item=case.item,
        flags=sorted(flag.value for flag in case.flags),
        clocks=[view for each in outlook.clocks for view in _view(each, office, now)],
        judgements=[each.level.value for each in outlook.judgements],
    )
