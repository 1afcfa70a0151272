"""The HTTP door of the whole catalogue: documents in and out, and how limits were cut."""

from asyncio import to_thread
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.document.formats import MEDIA_TYPES, Format
from kernel.document.outcome import Preview
from kernel.document.shown import PreviewView
from kernel.document.write import write_workbook, write_yaml
from kernel.web.access import needs
from kernel.web.media import takes
from services.electronic_supervision.api.catalogue import Keeper, On, Reader
from services.electronic_supervision.catalogue.compression import Compression, compression
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.document.layout import LAYOUT
from services.electronic_supervision.catalogue.document.snapshot import snapshot
from services.electronic_supervision.catalogue.reading import current
from services.electronic_supervision.catalogue.refusals import WORDS
from services.electronic_supervision.domain.time.limits import Measure
from services.electronic_supervision.exported import note_export

KEEPS = Depends(needs(Right.KEEP_CATALOGUE))
TAKES = Depends(takes(*MEDIA_TYPES.values()))
"""Told to those only who may keep the catalogue: it comes after the right."""

DIGEST = r"^[0-9a-f]{64}\.[0-9a-f]{64}$"
Digest = Annotated[str, Query(pattern=DIGEST, description="预览时给出的 digest")]
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in MEDIA_TYPES.values()
        },
    }
}


class CompressedView(BaseModel):
    """Items whose limits are counted in one measure; sums in days, or of hours in minutes."""

    measure: Measure
    items: int
    statutory: int
    promised: int
    percent: float
    median_percent: float
    uncompressed: int


class CompressionView(BaseModel):
    """What became of the limits of a unit's items; those of the whole city have no unit."""

    unit: str | None
    items: int
    comparable: list[CompressedView]
    uncomparable: int
    unpromised: int
    unlimited: int

    @classmethod
    def of(cls, told: Compression) -> "CompressionView":
        """Show a line of the report."""
        return cls(
            unit=told.unit or None,
            items=told.items,
            comparable=[
                CompressedView(
                    measure=each.measure,
                    items=each.items,
                    statutory=each.statutory,
                    promised=each.promised,
                    percent=round(each.percent, 1),
                    median_percent=round(each.median_percent, 1),
                    uncompressed=each.uncompressed,
                )
                for each in told.comparable
            ],
            uncomparable=told.uncomparable,
            unpromised=told.unpromised,
            unlimited=told.unlimited,
        )


def catalogue_documents_router(desk: CatalogueDesk) -> APIRouter:
    """Build the routes of the whole catalogue."""
    router = APIRouter(tags=["事项目录"])

    @router.post(
        "/catalogue/preview",
        summary="预览事项目录文件",
        dependencies=[KEEPS, TAKES],
        openapi_extra=BODY,
    )
    async def preview(request: Request, caller: Keeper) -> PreviewView:
        """Tell what would become of each line; nothing is changed."""
        return _shown(await desk.preview(await request.body(), caller))

    @router.post(
        "/catalogue/import",
        summary="导入事项目录文件",
        dependencies=[KEEPS, TAKES],
        openapi_extra=BODY,
    )
    async def import_all(request: Request, caller: Keeper, digest: Digest) -> PreviewView:
        """Import what was previewed, all of it or nothing."""
        return _shown(await desk.import_document(await request.body(), digest, caller))

    @router.get("/catalogue/export", summary="导出事项目录文件", response_class=Response)
    async def export(
        caller: Reader, kind: Annotated[Format, Query(alias="format")] = Format.XLSX
    ) -> Response:
        """Answer with all items as they became last; imported again it changes nothing."""
        await note_export(desk.pool, "catalogue", kind.value, now=desk.clock(), by=caller.acting())
        async with desk.reading() as connection:
            catalogue = await snapshot(connection)
        write = write_workbook if kind is Format.XLSX else write_yaml
        name = f"catalogue-{desk.today.isoformat()}.{kind.value}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        content = await to_thread(write, LAYOUT, catalogue.sheets())
        return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)

    @router.get("/catalogue/compression", summary="压缩时限情况")
    async def compressed(_: Reader, on: On = None) -> list[CompressionView]:
        """Show promise against statute, for the city and for each unit, as on a day."""
        async with desk.reading() as connection:
            versions = await current(connection, on or desk.today)
        return [CompressionView.of(each) for each in compression(versions)]

    return router


def _shown(told: Preview) -> PreviewView:
    return PreviewView.of(told, LAYOUT, WORDS)
