"""GET /cases: cases, their clocks, their time line, and the arithmetic of every verdict."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.electronic_supervision.domain.case import YEARS
from services.electronic_supervision.domain.clocks import Clock
from services.electronic_supervision.domain.explanation import explain
from services.electronic_supervision.domain.explanation_data import as_data
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.domain.words import tell
from services.electronic_supervision.loop.tables import load
from services.electronic_supervision.reading.case_record import (
    Opened,
    law_of,
    open_case,
    opened,
)
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.newest import newest
from services.electronic_supervision.reading.refusals import (
    as_of_out_of_reach,
    beyond_calendar,
    unknown_clock,
)
from services.electronic_supervision.reading.scope import CaseScope
from services.electronic_supervision.reading.timeline import Entry, timeline
from services.electronic_supervision.reading.unit_names import names_of
from services.electronic_supervision.reading.views import CaseView, ClockView, case_view, clock_view
from services.electronic_supervision.record import records

WHICH = """
($4::text is null or source = $4) and ($5::text is null or number = $5)
and ($6::boolean is null or is_ended = $6)
"""
NEWEST = 2**63 - 1
KEY: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=NEWEST)])

CODE = Query(max_length=500)
Code = Annotated[str | None, CODE]
Ended = Annotated[bool | None, Query()]
Instant = Annotated[AwareDatetime | None, Query()]
FORESIGHT = timedelta(days=3653)
"""How far ahead of now an open clock is explained: each day more is counted and written out."""


class Explained(BaseModel):
    """The whole arithmetic of a clock, as data for programs and in words for people."""

    data: dict[str, Any]
    text: str


def cases_router(desk: Desk) -> APIRouter:
    """Build the routes that show cases."""
    router = APIRouter(prefix="/cases")
    office = desk.court.office

    @router.get("")
    async def cases(
        scope: CaseScope,
        unit: Code = None,
        source: Code = None,
        number: Code = None,
        ended: Ended = None,
        known_at: Instant = None,
        after: After = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Page[CaseView]:
        """List cases, those told of last first; `unit` is its code in the city's register.

        With `known_at` as they were known then; those not told of yet are left out of their page.
        """
        before = NEWEST if after is None else read_cursor(after, KEY)
        asked = scope.narrowed(unit)
        async with desk.reading() as connection:
            rows = await connection.fetch(
                newest(asked, WHICH), asked.codes, before, limit + 1, source, number, ended
            )
            law = await law_of(connection, desk, known_at)
            told = await load(connection, [row["id"] for row in rows[:limit]])
            shown = records(e for e in told if known_at is None or e.recorded_at <= known_at)
            found = {
                id_: open_case(law, id_, [], record) for id_, record in shown.items() if record.told
            }
            names = await names_of(connection, [_unit_of(each) for each in found.values()])
        now = desk.clock()
        page = page_of(rows, limit, item=lambda row: found.get(row["id"]), key=_heard)
        known = [case_view(each, office, now, names) for each in page.items if each is not None]
        return Page(items=known, next=page.next)

    @router.get("/{case}")
    async def one(case: str, scope: CaseScope, known_at: Instant = None) -> CaseView:
        found = await opened(desk, case, scope, known_at)
        async with desk.reading() as connection:
            names = await names_of(connection, [_unit_of(found)])
        return case_view(found, office, desk.clock(), names)

    @router.get("/{case}/clocks")
    async def clocks(case: str, scope: CaseScope, known_at: Instant = None) -> list[ClockView]:
        now, found = desk.clock(), await opened(desk, case, scope, known_at)
        try:
            return [clock_view(clock, office, now) for clock in found.clocks()]
        except OverflowError:
            raise beyond_calendar() from None

    @router.get("/{case}/timeline")
    async def line(case: str, scope: CaseScope, known_at: Instant = None) -> list[Entry]:
        return timeline(await opened(desk, case, scope, known_at), office)

    @router.get("/{case}/explanation")
    async def explanation(
        case: str,
        scope: CaseScope,
        clock: Annotated[str, Query(max_length=120)] = "total",
        as_of: Instant = None,
        known_at: Instant = None,
    ) -> Explained:
        """Explain a clock as of an instant, by all that was known at another; else by now.

        `as_of` lies after 1900 and no more than ten years ahead.
        """
        now = desk.clock()
        at = as_of or now
        if at.year not in YEARS or at > now + FORESIGHT:
            raise as_of_out_of_reach()
        return await _explained(office, await opened(desk, case, scope, known_at), clock, at)

    return router


def _heard(row: asyncpg.Record) -> int:
    return int(row["heard"])


def _unit_of(found: Opened) -> tuple[str, str]:
    return found.key.source, found.case.unit


async def _explained(office: Office, found: Opened, name: str, as_of: datetime) -> Explained:
    clock = next((clock for clock in found.clocks() if clock.name == name), None)
    if clock is None:
        raise unknown_clock()
    try:
        # of an old case each day since then is counted; others need the loop meanwhile
        return await asyncio.to_thread(_counted, found, clock, office, as_of)
    except OverflowError:
        raise beyond_calendar() from None


def _counted(found: Opened, clock: Clock, office: Office, as_of: datetime) -> Explained:
    told = explain(found.key, found.case, clock, office, as_of)
    return Explained(data=as_data(told), text=tell(told))
