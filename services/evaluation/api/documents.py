"""The HTTP door of whole registers: a document is previewed, imported, and exported."""

from asyncio import to_thread
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.document.formats import MEDIA_TYPES, Format, make_sure_of_kind
from kernel.document.outcome import Preview
from kernel.document.shown import PreviewView
from kernel.document.write import write_workbook, write_yaml
from kernel.web.access import needs
from kernel.web.media import takes
from services.evaluation.api.parameters import Keeper, Reader
from services.evaluation.desk import Desk
from services.evaluation.document.headings import LAYOUT
from services.evaluation.document.snapshot import snapshot
from services.evaluation.problems import WORDS, answered

KEEPS = Depends(needs(Right.KEEP_REGISTER))
Kind = Annotated[str, Depends(takes(*MEDIA_TYPES.values()))]
"""The media type. Told to those only who may keep the register: it comes after the right."""

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


def shown(told: Preview) -> PreviewView:
    """Show what would become of a document."""
    return PreviewView.of(told, LAYOUT, WORDS)


async def _document(request: Request, kind: str) -> bytes:
    content = await request.body()
    with answered():
        make_sure_of_kind(content, kind)
    return content


def documents_router(desk: Desk) -> APIRouter:
    """Build the routes of documents."""
    router = APIRouter(tags=["单位名册"])

    @router.post(
        "/register/preview", summary="预览名册文件", dependencies=[KEEPS], openapi_extra=BODY
    )
    async def preview(request: Request, caller: Keeper, kind: Kind) -> PreviewView:
        """Tell what would become of each line; nothing is changed."""
        told = await desk.preview(await _document(request, kind), caller)
        return await to_thread(shown, told)

    @router.post(
        "/register/import", summary="导入名册文件", dependencies=[KEEPS], openapi_extra=BODY
    )
    async def import_all(
        request: Request, caller: Keeper, digest: Digest, kind: Kind
    ) -> PreviewView:
        """Import what was previewed, all of it or nothing."""
        told = await desk.import_document(await _document(request, kind), digest, caller)
        return await to_thread(shown, told)

    @router.get("/register/export", summary="导出名册文件", response_class=Response)
    async def export(
        caller: Reader, kind: Annotated[Format, Query(alias="format")] = Format.XLSX
    ) -> Response:
        """Answer with the whole register; imported again it changes nothing."""
        await desk.note_export(kind.value, caller)
        async with desk.reading() as connection:
            register = await snapshot(connection)
        write = write_workbook if kind is Format.XLSX else write_yaml
        name = f"register-{desk.today.isoformat()}.{kind.value}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        content = await to_thread(write, LAYOUT, register.sheets())
        return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)

    return router
