"""The time line of a case: what was told, what counts of it, and what followed."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from pydantic_core import from_json

from contracts.approvals import CaseFact, TimeKnown
from contracts.registry import PUBLISHED
from services.electronic_supervision.domain.standing import standing
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import fact_of, moment_of
from services.electronic_supervision.reading.case_record import Opened
from services.electronic_supervision.reading.views import At, at_view
from services.electronic_supervision.record import Told


class Entry(BaseModel):
    """One thing that was told of a case, or concluded; `what` is its type."""

    what: str
    id: str
    at: At | None = None
    """When it happened; missing for conclusions."""
    noted_at: datetime | None = None
    """When its source says it noted it."""
    received_at: datetime
    """When it was recorded here."""
    door: str | None = None
    """`http` or `bus`, for what was told."""
    counts: bool | None = None
    """False for a fact that was voided or corrected since, or on which no verdict rests."""
    data: dict[str, Any]


def timeline(opened: Opened, office: Office) -> list[Entry]:
    """Return everything recorded of a case, in the order in which it was."""
    told = {each.position: each for each in opened.record.told}
    facts = [fact_of(each.event, each.recorded_at, office) for each in opened.record.told]
    counted = {fact.id for fact in standing(fact for fact in facts if fact is not None)}
    return [
        _told(told[event.position], counted, event.metadata, office)
        if event.type in PUBLISHED
        else Entry(
            what=event.type,
            id=event.id,
            received_at=event.recorded_at.astimezone(office.zone),
            data=from_json(event.data),
        )
        for event in opened.events
    ]


def _told(each: Told, counted: set[str], metadata: str, office: Office) -> Entry:
    event = each.event
    data = event.data.model_dump(mode="json", exclude_none=True)
    known = event.data.time_known if isinstance(event.data, CaseFact) else TimeKnown.INSTANT
    return Entry(
        what=event.type,
        id=event.id,
        at=at_view(moment_of(event.time, known, office), office.zone),
        noted_at=event.recordedtime,
        received_at=each.recorded_at.astimezone(office.zone),
        door=from_json(metadata).get("door"),
        counts=event.id in counted,
        data=data,
    )
