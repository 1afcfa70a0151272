"""The page of what units promised against what the law gives them (压缩办理时限)."""

from collections.abc import Iterator, Mapping, Sequence

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.catalogue.compression import Compression, compression
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.document.lines import Day
from services.electronic_supervision.catalogue.reading import current, units
from services.electronic_supervision.pages.catalogue import paths
from services.electronic_supervision.pages.catalogue.words import MEASURES

READ = Depends(needs(Right.SEE_CATALOGUE))


def compression_router(desk: CatalogueDesk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.COMPRESSION)
    async def report(request: Request, on: Day | None = None) -> Response:
        day = on or desk.today
        async with desk.reading() as connection:
            told = compression(await current(connection, day))
            names = dict(await units(connection))
        shown = {
            "day": day,
            "is_empty": not told[0].items,
            "rows": [row for each in told for row in _rows(each, names)],
            "paths": paths,
        }
        return shell_of(request).page(request, "supervision/catalogue_compression.html", shown)

    return router


def _rows(told: Compression, names: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    rest = {
        "unit": names.get(told.unit) or told.unit or "全市",
        "link": paths.listing(unit=told.unit) if told.unit else "",
        "all": told.items,
        "uncomparable": told.uncomparable,
        "unpromised": told.unpromised,
        "unlimited": told.unlimited,
        "lines": max(1, len(told.comparable)),
    }
    figures: Sequence[Mapping[str, object]] = [
        {
            "measure": MEASURES[each.measure],
            "items": each.items,
            "statutory": each.statutory,
            "promised": each.promised,
            "percent": f"{each.percent:.1f}%",
            "median": f"{each.median_percent:.1f}%",
            "uncompressed": each.uncompressed,
        }
        for each in told.comparable
    ]
    empty = dict.fromkeys(
        ("measure", "items", "statutory", "promised", "percent", "median", "uncompressed"), "—"
    )
    for number, each in enumerate(figures or [empty]):
        yield {**rest, **each, "is_first": number == 0}
