"""The page of all units, by group."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.evaluation.desk import Desk
from services.evaluation.document.headings import GROUP_WORDS
from services.evaluation.domain.unit_acts import Group
from services.evaluation.pages import paths
from services.evaluation.reading.overview import UnitLine, closed_units, unit_lines

READ = Depends(needs(Right.SEE_REGISTER))
MOST = 1000
Search = Annotated[str, Query(max_length=200)]


def list_router(desk: Desk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT)
    async def units(
        request: Request,
        *,
        q: Search = "",
        group: Search = "",
        closed: bool = False,
        imported: bool = False,
    ) -> Response:
        today = desk.today
        async with desk.reading() as connection:
            found = await unit_lines(
                connection,
                on=today,
                is_closed=closed,
                search=q.strip(),
                group=group,
                limit=MOST,
            )
            count = await closed_units(connection, today)
        told = {
            "q": q,
            "group": group,
            "closed": closed,
            "closed_count": count,
            "groups": GROUP_WORDS,
            "found": _by_group(found),
            "imported": imported,
            "paths": paths,
        }
        return shell_of(request).page(request, "register/list.html", told)

    return router


def _by_group(found: Sequence[UnitLine]) -> Sequence[Mapping[str, object]]:
    order = list(Group)
    lines = sorted(found, key=lambda each: (order.index(Group(each.unit_group)), each.code))
    return [
        {"words": GROUP_WORDS[Group(group)], "units": list(units)}
        for group, units in groupby(lines, key=lambda each: each.unit_group)
    ]
