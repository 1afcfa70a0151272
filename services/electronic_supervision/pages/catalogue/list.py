"""The page of all items, filtered by what its address asks for."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.reading import Filter, ItemRow, items, units
from services.electronic_supervision.catalogue.wording import said
from services.electronic_supervision.catalogue.words import ARRANGEMENTS, NATURES
from services.electronic_supervision.pages.catalogue import paths
from services.electronic_supervision.pages.catalogue.words import BADGES, STANDINGS

READ = Depends(needs(Right.SEE_CATALOGUE))
Asked = Annotated[str, Query(max_length=200)]
MOST = 100


def list_router(desk: CatalogueDesk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT)
    async def all_items(
        request: Request,
        *,
        q: Asked = "",
        unit: Asked = "",
        nature: Asked = "",
        arrangement: Asked = "",
        standing: Asked = "current",
        after: Asked = "",
        imported: bool = False,
    ) -> Response:
        asked = {
            "q": q.strip(),
            "unit": unit,
            "nature": nature,
            "arrangement": arrangement,
            "standing": standing,
        }
        wanted = Filter(
            standing="" if standing == "all" else standing,
            unit=unit,
            nature=nature,
            arrangement=arrangement,
            words=q.strip(),
        )
        async with desk.reading() as connection:
            rows = await items(connection, wanted, day=desk.today, after=after, limit=MOST + 1)
            known = await units(connection)
        told = {
            "asked": asked,
            "units": known,
            "natures": NATURES,
            "arrangements": ARRANGEMENTS,
            "standings": {**STANDINGS, "all": "全部"},
            "rows": [_line(each) for each in rows[:MOST]],
            "earlier": paths.listing(**asked) if after else "",
            "later": paths.listing(**asked, after=rows[MOST - 1].code) if rows[MOST:] else "",
            "imported": imported,
            "paths": paths,
        }
        return shell_of(request).page(request, "supervision/catalogue_list.html", told)

    return router


def _line(row: ItemRow) -> dict[str, str]:
    content = row.content
    return {
        "code": row.code,
        "name": content.name,
        "unit": row.unit_name or content.unit,
        "nature": NATURES[content.nature],
        "statutory": "—" if content.statutory is None else said(content.statutory),
        "promised": "—" if content.promised is None else said(content.promised),
        "arrangement": ARRANGEMENTS[content.arrangement],
        "standing": STANDINGS[row.standing],
        "badge": BADGES[row.standing],
    }
