"""The alerts that stood when a past day ended, by what was known then."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

import asyncpg
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, StringConstraints, TypeAdapter
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.paging import After, read_cursor, write_cursor
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.domain.irregularity import ACT
from services.electronic_supervision.pages.then import ONE_DAY, KnownOn, end_of
from services.electronic_supervision.pages.wall.alerts import LEVELS, PER_PAGE
from services.electronic_supervision.pages.wall.page import KIND_WORDS, PATH, Kind
from services.electronic_supervision.pages.words import (
    KINDS,
    clock_words,
    day_words,
    due_words,
    instant_words,
)
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.known_judgements import LAST, known_judgements
from services.electronic_supervision.reading.scope import CaseScope, unit_names
from services.electronic_supervision.reading.unit_names import Names, names_of

KNOWN = f"{PATH}/known"
Id = Annotated[str, StringConstraints(max_length=100)]
KEY: TypeAdapter[tuple[AwareDatetime, Id]] = TypeAdapter(tuple[AwareDatetime, Id])


def known_router(desk: Desk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[Depends(needs(Right.SEE_CASES))], include_in_schema=False)
    office = desk.court.office

    @router.get(KNOWN)
    async def known(
        request: Request,
        scope: CaseScope,
        known_on: KnownOn = None,
        level: Annotated[Kind, Query()] = Kind.ALL,
        after: After = None,
    ) -> Response:
        """List what stood when a local day ended, yesterday unless told; the latest first."""
        now = desk.clock()
        today = office.local_date(now)
        then = min(known_on or today, today - ONE_DAY)
        place = LAST if after is None else read_cursor(after, KEY)
        levels = LEVELS[level] if level else None
        async with desk.reading() as connection:
            found = await known_judgements(
                connection, scope, end_of(then, office), levels, place, PER_PAGE + 1
            )
            shown = found[:PER_PAGE]
            names = await names_of(connection, [(row["source"], row["unit"]) for row in shown])
            own = await unit_names(connection, scope)

        def row(each: asyncpg.Record) -> Mapping[str, object]:
            kind, words = KINDS[each["level"]]
            is_act = each["clock"] == ACT
            return {
                "case": each["case"],
                "number": each["number"],
                "kind": kind,
                "level": words,
                "unit": _unit(each, names),
                "is_registered": (each["source"], each["unit"]) in names or not each["unit"],
                "clock": "" if is_act else clock_words(each["clock"]),
                "message": each["message"],
                "due": "" if is_act else due_words(each["due"], office, now),
                "raised": instant_words(each["raised_at"], office.zone, now),
            }

        def url(**more: str) -> str:
            asked = {"known_on": then.isoformat(), "level": level.value} | more
            return f"{KNOWN}?{urlencode({key: value for key, value in asked.items() if value})}"

        last = shown[-1] if len(found) > PER_PAGE else None
        told = {
            "rows": [row(each) for each in shown],
            "then": day_words(then, today),
            "known_on": then.isoformat(),
            "yesterday": (today - ONE_DAY).isoformat(),
            "level": level.value,
            "kinds": KIND_WORDS,
            "own_units": own,
            "path": KNOWN,
            "wall": PATH,
            "earlier": None if after is None else url(),
            "later": last and url(after=write_cursor((last["raised_at"], last["id"]))),
        }
        return shell_of(request).page(request, "supervision/alerts_known.html", told)

    return router


def _unit(row: asyncpg.Record, names: Names) -> str:
    return names.get((row["source"], row["unit"])) or row["unit"]
