"""监察线索: what shows only in many cases together, with its figures and how sure they are."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, StringConstraints, TypeAdapter
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.paging import After, read_cursor, write_cursor
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.pages.leads.words import line, whole
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.findings import (
    LAST,
    PER_PAGE,
    Wanted,
    cases_of,
    finding,
    findings,
    rules_found,
    sight_of,
)
from services.electronic_supervision.reading.refusals import unknown_finding
from services.electronic_supervision.reading.scope import unit_names

PATH = "/console/leads"
LEVELS = {"lead": "线索", "reminder": "预警", "yellow": "黄牌", "red": "红牌"}
STATES = {"standing": "现行", "lifted": "已撤回"}
Reader = Annotated[Caller, Depends(needs(Right.SEE_CASES))]
Asked = Annotated[str, Query(max_length=100)]
Id = Annotated[str, StringConstraints(max_length=100)]
KEY: TypeAdapter[tuple[AwareDatetime, Id]] = TypeAdapter(tuple[AwareDatetime, Id])


def leads_router(desk: Desk) -> APIRouter:
    """Build the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    office = desk.court.office

    @router.get(PATH)
    async def leads(
        request: Request,
        reader: Reader,
        *,
        level: Asked = "",
        rule: Asked = "",
        state: Asked = "standing",
        after: After = None,
    ) -> Response:
        """Show all findings that somebody may know of."""
        sight, before = sight_of(reader), LAST if after is None else read_cursor(after, KEY)
        wanted = Wanted(stands=state != "lifted", kind=level, rule=rule)
        async with desk.reading() as connection:
            rows = await findings(connection, sight, wanted, before, PER_PAGE + 1)
            rules = await rules_found(connection, sight)
            own_units = await unit_names(connection, sight.scope)
        asked = {"level": level, "rule": rule, "state": state}
        shown, now = rows[:PER_PAGE], desk.clock()
        told = {
            "rows": [line(each, office.zone, now) for each in shown],
            "asked": asked,
            "levels": {key: LEVELS[key] for key in LEVELS if sight.leads or key != "lead"},
            "rules": rules,
            "states": STATES,
            "own_units": own_units,
            "earlier": None if after is None else _url(asked),
            "later": _url(asked, shown[-1].key) if len(rows) > PER_PAGE else None,
            "path": PATH,
        }
        return shell_of(request).page(request, "supervision/leads.html", told)

    @router.get(PATH + "/{finding}")
    async def lead(request: Request, reader: Reader, finding: str) -> Response:
        """Show one with all that it rests on."""
        async with desk.reading() as connection:
            found = await _one(connection, sight_of(reader), finding)
            if found is None:
                raise unknown_finding()
            ids = await cases_of(connection, found.finding)
        told = {"found": whole(found, ids, office.zone, desk.clock()), "path": PATH}
        return shell_of(request).page(request, "supervision/lead.html", told)

    return router


_one = finding


def address(id_: str) -> str:
    """Return the page of a finding."""
    return f"{PATH}/{quote(id_, safe='')}"


def _url(asked: Mapping[str, str], after: object = None) -> str:
    cursor = {} if after is None else {"after": write_cursor(after)}
    given = {key: value for key, value in asked.items() if value}
    return f"{PATH}?{urlencode(given | cursor)}"
