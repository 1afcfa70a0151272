"""The front page: what is going on in the city, in one screen, live."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg
from fastapi import APIRouter, Request
from starlette.responses import Response

from contracts.streams import CITY
from kernel.access.policy import Right
from kernel.web.access import principal_of
from kernel.web.shell.shell import is_part, shell_of
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.overview import figures
from services.electronic_supervision.pages.overview.figures import Unit
from services.electronic_supervision.pages.overview.words import (
    ONE_DAY,
    bars,
    calendar_words,
    days_ahead,
    judged_words,
    rate_words,
    span_of,
    troubles,
)
from services.electronic_supervision.pages.wall.alerts import Filters, counts
from services.electronic_supervision.pages.wall.page import KIND_WORDS, STREAM, Asked, Kind, row
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.findings import Sight, standing
from services.electronic_supervision.reading.scope import CaseScope, Scope, unit_names
from services.electronic_supervision.reading.sources import source_states

PATH = "/console"
MOST_TROUBLES = 6
NO_SOURCES: Mapping[str, object] = {"source_count": None, "troubles": (), "most_troubles": 0}
"""What is told of the sources to those who have nothing to do with them."""


def overview_router(desk: Desk) -> APIRouter:
    """Build the route of the front page."""
    router = APIRouter(include_in_schema=False)
    office = desk.court.office

    @router.get(PATH)
    async def front_page(request: Request, scope: CaseScope) -> Response:
        now, reader = desk.clock(), principal_of(request)
        with_sources, with_leads = reader.may(Right.SEE_SOURCES), reader.may(Right.SEE_LEADS)
        async with desk.reading() as connection:
            noted = await desk.now(connection)
            told = {
                "own_units": await unit_names(connection, scope),
                **await _cases(connection, scope, office, now),
                **await _due(connection, scope, office, now),
                **await _standing(connection, scope, office, now),
                **await _state(connection, scope, office, now),
                "found": await standing(connection, Sight(scope=scope, leads=with_leads)),
                **(await _sources(connection, office, now, noted) if with_sources else NO_SOURCES),
            }
        template = "overview_part.html" if is_part(request) else "overview.html"
        return shell_of(request).page(request, f"supervision/{template}", told)

    return router


async def _cases(
    connection: asyncpg.Connection, scope: Scope, office: Office, now: datetime
) -> Mapping[str, object]:
    cases = await figures.cases(connection, scope, span_of(office, now))
    rate, made_of = rate_words(cases)
    return {"cases": cases, "rate": rate, "rate_of": made_of}


async def _due(
    connection: asyncpg.Connection, scope: Scope, office: Office, now: datetime
) -> Mapping[str, object]:
    days = days_ahead(office, now)
    ends = [office.midnight(day + ONE_DAY) for day in days]
    found = await figures.falling_due(connection, scope, now, ends)
    return {"due": bars(days, found, office.local_date(now)), "due_count": sum(found)}


async def _standing(
    connection: asyncpg.Connection, scope: Scope, office: Office, now: datetime
) -> Mapping[str, object]:
    by_level = await counts(connection, scope, Filters())
    return {
        "levels": [
            {
                "kind": kind,
                "words": KIND_WORDS[kind],
                "count": count,
                "url": Asked(level=Kind(kind)).url(),
            }
            for kind, count in by_level.items()
        ],
        "units": _units(await figures.units(connection, scope)),
        "alerts": [row(each, office, now, {}) for each in await figures.latest(connection, scope)],
    }


def _units(units: Sequence[Unit]) -> Sequence[Mapping[str, object]]:
    return [
        {
            "name": unit.name or "（单位未明）",
            "red": unit.red,
            "yellow": unit.yellow,
            "url": Asked(unit=unit.code).url() if unit.code else "",
        }
        for unit in units
    ]


async def _sources(
    connection: asyncpg.Connection, office: Office, now: datetime, noted: datetime
) -> Mapping[str, object]:
    states = await source_states(connection, noted)
    unclaimed = await figures.count(connection, figures.UNCLAIMED)
    stuck = await figures.count(connection, figures.STUCK)
    return {
        "source_count": len(states),
        "troubles": troubles(states, unclaimed, stuck, office, now),
        "most_troubles": MOST_TROUBLES,
    }


async def _state(
    connection: asyncpg.Connection, scope: Scope, office: Office, now: datetime
) -> Mapping[str, object]:
    provisional = await figures.provisional(connection, scope)
    through = await figures.judged_through(connection, CITY)
    is_behind, judged = judged_words(through, office, now)
    return {
        "is_behind": is_behind,
        "judged": judged,
        "calendar": calendar_words(office, provisional),
        "stream": STREAM,
    }
