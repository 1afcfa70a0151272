"""POST /events: the door for systems that speak HTTP, one CloudEvent or a batch."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic_core import from_json, to_json

from contracts.schemas import envelope_schema
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.intake.heard import Heard
from kernel.intake.quarantine import Unreadable
from kernel.intake.seen import Novelty
from kernel.web.access import needs
from services.electronic_supervision.api.entrance import MOST_EVENTS, Entrance
from services.electronic_supervision.api.limits import Limits
from services.electronic_supervision.doors.entry import REUSED, Outcome, stream_of
from services.electronic_supervision.doors.partner_metrics import PartnerMetrics
from services.electronic_supervision.doors.screen import screen
from services.electronic_supervision.doors.systems import CitySystem
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.quarantine_words import why_words
from services.electronic_supervision.reading.refusals import (
    malformed_batch,
    refusal,
    too_many_events,
    unsupported_media,
)

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
TRACE = re.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


Emitter = Annotated[Caller, Depends(needs(Right.REPORT_EVENTS))]


class EventOutcome(BaseModel):
    """What became of one event; a rejected one says why and changed nothing."""

    outcome: Literal["accepted", "duplicate", "rejected"]
    index: int
    """Place in the batch, from 0."""
    id: str | None = None
    case: str | None = None
    """Id of the case, as in /cases/{id}."""
    flags: list[str] = []
    """What is odd about an accepted event, such as `future-time`: no card will rest on it."""
    code: str | None = None
    field: str | None = None
    message: str | None = None


class BatchOutcome(BaseModel):
    """What became of a batch, event by event; those accepted are committed."""

    accepted: int
    duplicates: int
    rejected: int
    events: list[EventOutcome]


def emit_router(desk: Desk, metrics: PartnerMetrics) -> APIRouter:
    """Build the routes for systems that report."""
    router = APIRouter()
    entrance, limits = Entrance(desk), Limits(desk, metrics)

    @router.post(
        "/events",
        responses={
            202: {"model": EventOutcome, "description": "committed; judged soon"},
            200: {"model": BatchOutcome, "description": "a duplicate, or the outcomes of a batch"},
        },
        openapi_extra={"requestBody": BODY},
    )
    async def emit(request: Request, emitter: Emitter) -> Response:
        kind = kind_of(request)
        system = await limits.system_of(emitter.principal)
        raws = parts_of(kind, await request.body(), MOST_EVENTS)
        await limits.keep_pace(system, len(raws))
        outcomes = await _take(entrance, raws, system, _trace(request))
        await _count(limits, system, outcomes)
        if kind == SINGLE:
            (outcome,) = outcomes
            if outcome.outcome == "rejected":
                raise refusal(outcome.code or "", outcome.field or "", outcome.message or "")
            return _answer(outcome, 202 if outcome.outcome == "accepted" else 200)
        counts = [each.outcome for each in outcomes]
        batch = BatchOutcome(
            accepted=counts.count("accepted"),
            duplicates=counts.count("duplicate"),
            rejected=counts.count("rejected"),
            events=outcomes,
        )
        return _answer(batch, 200)

    return router


TAKEN = {"accepted": Novelty.NEW.value, "duplicate": Novelty.DUPLICATE.value}

# in full: a reference by its urn is one that no reader of the document can follow
ENVELOPE = envelope_schema()
BODY = {
    "required": True,
    "content": {
        SINGLE: {"schema": ENVELOPE},
        BATCH: {"schema": {"type": "array", "maxItems": MOST_EVENTS, "items": ENVELOPE}},
    },
}


def kind_of(request: Request) -> str:
    """Tell one event from a batch by the media type. Raises 415 `unsupported-media-type`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {SINGLE, BATCH}:
        raise unsupported_media()
    return kind


def parts_of(kind: str, body: bytes, most: int) -> list[bytes]:
    """Return the events of a body, each as JSON. Raises 400 and 413."""
    return [body] if kind == SINGLE else _parts(body, most)


def _trace(request: Request) -> str | None:
    header = request.headers.get("traceparent", "")
    return header if TRACE.fullmatch(header) else None


async def _count(limits: Limits, system: CitySystem, outcomes: Sequence[EventOutcome]) -> None:
    limits.took(system, [TAKEN[each.outcome] for each in outcomes if each.outcome in TAKEN])
    await limits.refused(system, [each.code for each in outcomes if each.code is not None])


def _answer(body: BaseModel, status: int) -> Response:
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status)


def _parts(body: bytes, most: int) -> list[bytes]:
    try:
        batch = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise malformed_batch() from None
    if not isinstance(batch, list):
        raise malformed_batch()
    if len(batch) > most:
        raise too_many_events(most)
    return [to_json(each) for each in batch]


async def _take(
    entrance: Entrance, raws: Sequence[bytes], system: CitySystem, trace: str | None
) -> list[EventOutcome]:
    """Take events in, in one transaction, and tell what became of each."""
    screened = [screen(raw, system, trace) for raw in raws]
    heard = [each for each in screened if isinstance(each, Heard)]
    outcomes = await entrance.enter(heard) if heard else []
    following = iter(zip(heard, outcomes, strict=True))
    return [
        _rejected(index, each) if isinstance(each, Unreadable) else _told(index, *next(following))
        for index, each in enumerate(screened)
    ]


def _told(index: int, heard: Heard, outcome: Outcome) -> EventOutcome:
    if outcome.novelty is Novelty.ID_REUSED:
        return _rejected(index, REUSED, heard.event.id)
    return EventOutcome(
        outcome="accepted" if outcome.novelty is Novelty.NEW else "duplicate",
        index=index,
        id=heard.event.id,
        case=stream_of(heard),
        flags=[flag.value for flag in outcome.flags],
    )


def _rejected(index: int, why: Unreadable, id_: str | None = None) -> EventOutcome:
    return EventOutcome(
        outcome="rejected",
        index=index,
        id=id_,
        code=why.code,
        field=why.field or None,
        message=why_words(why.code, why.field, why.message),
    )
