"""The page of the working calendar: which days count, how far that is settled, what waits."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs, principal_of
from kernel.web.problem import ProblemError
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.domain.time.calendar import WorkingCalendar
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.calendar.year import exceptions, months
from services.electronic_supervision.pages.overview.figures import provisional
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.scope import Scope, scope_of

PATH = "/console/calendar"
READ = Depends(needs(Right.SEE_CALENDAR))
AHEAD = 2
"""So many years after this one are shown."""

AWAITING = """
select count(*) from {dockets}
where id in (select alert.docket from alert where alert.withheld = 'provisional-date')
"""

NOTHING: Mapping[str, int | None] = {"provisional": None, "awaiting": None}
"""What is told to those who see no cases."""

Year = Annotated[int | None, Query(ge=1, le=9999)]


def calendar_router(desk: Desk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)
    office = desk.court.office

    @router.get(PATH)
    async def calendar(request: Request, year: Year = None) -> Response:
        """Show a year, this one if none is given. Raises 404 `year-unknown`."""
        now = desk.clock()
        told = year_told(office, year, now)
        caller = principal_of(request).calling(Right.SEE_CASES)
        async with desk.reading() as connection:
            waiting = NOTHING if caller is None else await _waiting(connection, scope_of(caller))
        return shell_of(request).page(request, "supervision/calendar.html", {**told, **waiting})

    return router


def year_told(office: Office, year: int | None, now: datetime) -> Mapping[str, object]:
    """Word a year of the calendar for the page. Raises 404 `year-unknown`."""
    known, today = office.calendar, office.local_date(now)
    shown = today.year if year is None else year
    first, last = known.confirmed_from.year, today.year + AHEAD
    if not first <= shown <= last:
        raise _unknown(first, last)
    twelve = months(known, shown, today)
    return {
        "year": shown,
        "years": range(last, first - 1, -1),
        "before": shown - 1 if shown > first else None,
        "after": shown + 1 if shown < last else None,
        "months": twelve,
        "working": sum(month.working for month in twelve),
        "exceptions": exceptions(known, shown, date(shown, 1, 1)),
        "settled": _settled(known, shown),
        "version": known.version,
        "through": known.confirmed_through,
        "path": PATH,
    }


def _settled(calendar: WorkingCalendar, year: int) -> str:
    through = calendar.confirmed_through
    if through >= date(year, 12, 31):
        return f"{year}年的放假安排已经公布，全年日期确定。"
    if through < date(year, 1, 1):
        return f"{year}年的放假安排尚未公布：节日只列法定的放假日，没有调休，全年日期暂定。"
    return f"{through.month}月{through.day}日以后的日期暂定：须待下一年的放假通知。"


async def _waiting(connection: asyncpg.Connection, scope: Scope) -> Mapping[str, int | None]:
    return {
        "provisional": await provisional(connection, scope),
        "awaiting": await connection.fetchval(scope.over(AWAITING), scope.codes),
    }


def _unknown(first: int, last: int) -> ProblemError:
    return ProblemError(
        404,
        "year-unknown",
        title="没有这一年的日历",
        detail=f"日历可以查看{first}年至{last}年。",
        fix="请改选其中的一年。",
        field="year",
    )
