"""GET /sources and /quarantine: who speaks, what is missing, and what could not be read."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, TypeAdapter

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.intake import quarantine
from kernel.intake.quarantine import Held
from kernel.web.access import needs
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.electronic_supervision.doors.entry import RELEASED
from services.electronic_supervision.doors.settle import DISCARDED
from services.electronic_supervision.reading import settling
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.sources import source_states

FIRST = (datetime(1, 1, 1, tzinfo=UTC), "")
Id = Annotated[str, StringConstraints(max_length=100)]
KEY: TypeAdapter[tuple[AwareDatetime, Id]] = TypeAdapter(tuple[AwareDatetime, Id])

Operator = Annotated[Caller, Depends(needs(Right.SETTLE_MESSAGES))]
READ = Depends(needs(Right.SEE_SOURCES))


class Missing(BaseModel):
    """Numbers of a source that did not come, from `first` to `last`."""

    first: int
    last: int


class SourceView(BaseModel):
    """A city system: how late it may upload, its highest number so far, and what is missing."""

    name: str
    title: str
    """What officials call it, "" if nobody said."""
    source: str
    settle_seconds: int
    last_sequence: int | None = None
    missing: list[Missing]


class HeldView(BaseModel):
    """A message that could not be read, and why; `case` is the one that it leaves in doubt."""

    id: str
    stream: str
    subject: str
    source: str
    event_id: str | None
    case: str
    code: str
    field: str
    message: str
    received_at: datetime
    times: int


class Settled(BaseModel):
    """What became of a message: `released`, `discarded`, or `held`, with the reason of today."""

    became: str
    code: str | None = None
    field: str | None = None
    message: str | None = None


class Discard(BaseModel):
    """Why a message is given up."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


def operations_router(desk: Desk) -> APIRouter:
    """Build the routes for those who look after the sources."""
    router = APIRouter()

    @router.get("/sources", dependencies=[READ])
    async def sources() -> list[SourceView]:
        """List who may speak."""
        async with desk.reading() as connection:
            states = await source_states(connection, await desk.now(connection))
        return [
            SourceView(
                name=each.system.name,
                title=each.system.title,
                source=each.system.source,
                settle_seconds=each.system.settle // timedelta(seconds=1),
                last_sequence=each.last_sequence,
                missing=[Missing(first=gap.first, last=gap.last) for gap in each.missing],
            )
            for each in states
        ]

    @router.get("/quarantine", dependencies=[READ])
    async def held(after: After = None, limit: Limit = DEFAULT_LIMIT) -> Page[HeldView]:
        """List the messages that wait for a decision, oldest first."""
        since = FIRST if after is None else read_cursor(after, KEY)
        async with desk.reading() as connection:
            rows = await quarantine.open_ones(connection, since, limit + 1)
        zone = desk.court.office.zone
        return page_of(
            rows,
            limit,
            item=lambda each: _view(each, each.received_at.astimezone(zone)),
            key=lambda each: (each.received_at, each.id),
        )

    @router.post("/quarantine/{message}/resubmit")
    async def resubmit(message: str, operator: Operator) -> Settled:
        """Read a message again with the code and the systems of today."""
        why = await settling.resubmit(desk, message, caller=operator)
        if why is None:
            return Settled(became=RELEASED)
        return Settled(became="held", code=why.code, field=why.field, message=why.message)

    @router.post("/quarantine/{message}/discard")
    async def discard(message: str, why: Discard, operator: Operator) -> Settled:
        """Give a message up; the record keeps who did and why."""
        await settling.discard(desk, message, why.reason, caller=operator)
        return Settled(became=DISCARDED)

    return router


def _view(held: Held, received_at: datetime) -> HeldView:
    return HeldView(
        id=held.id,
        stream=held.stream,
        subject=held.subject,
        source=held.source,
        event_id=held.event_id,
        case=held.noted_in,
        code=held.code,
        field=held.field,
        message=held.message,
        received_at=received_at,
        times=held.times,
    )
