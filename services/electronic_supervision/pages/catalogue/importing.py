"""The pages by which a whole catalogue is taken in: upload, preview, confirm."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.document.outcome import Fate, Preview
from kernel.document.shown import LineView, PreviewView
from kernel.web.access import needs
from kernel.web.problem import Problem, ProblemError
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.document.layout import LAYOUT, PARTS
from services.electronic_supervision.catalogue.refusals import WORDS, problem
from services.electronic_supervision.pages.catalogue import paths

Keeper = Annotated[Caller, Depends(needs(Right.KEEP_CATALOGUE))]
Content = Annotated[str, Form(max_length=1_000_000)]
Digest = Annotated[str, Form(max_length=200)]
MOST_LINES = 300
"""Lines that a page shows; those that are refused come first."""

FATES = {Fate.REFUSED: "不能导入", Fate.NEW: "新增", Fate.CHANGED: "变更", Fate.UNCHANGED: "无变化"}
BADGES = {Fate.REFUSED: "red", Fate.NEW: "good", Fate.CHANGED: "reminder"}


def importing_router(desk: CatalogueDesk) -> APIRouter:
    """Build the routes of the pages."""
    router = APIRouter(include_in_schema=False)

    @router.get(paths.IMPORT)
    async def blank(request: Request, _: Keeper) -> Response:
        return _upload(request)

    @router.post(paths.PREVIEW)
    async def preview(
        request: Request, caller: Keeper, document: Annotated[UploadFile, File()]
    ) -> Response:
        """Show what would become of each line, and ask."""
        content = await document.read()
        try:
            told = await desk.preview(content, caller)
        except ProblemError as error:
            return _upload(request, error.problem)
        return _shown(request, told, content)

    @router.post(paths.IMPORT)
    async def confirm(
        request: Request, caller: Keeper, content: Content, digest: Digest
    ) -> Response:
        """Import what was shown, or say why not."""
        try:
            await desk.import_document(_decoded(content), digest, caller)
        except ProblemError as error:
            return _upload(request, error.problem)
        return RedirectResponse(f"{paths.ROOT}?imported=true", 303)

    return router


def _upload(request: Request, why: Problem | None = None) -> Response:
    told = {"problem": why, "paths": paths}
    status = 200 if why is None else why.status
    return shell_of(request).page(request, "supervision/catalogue_import.html", told, status=status)


def _shown(request: Request, told: Preview, content: bytes) -> Response:
    view = PreviewView.of(told, LAYOUT, WORDS)
    order = list(FATES)
    lines = sorted(view.lines, key=lambda each: (order.index(each.outcome), each.sheet, each.row))
    shown = {
        "counts": [(FATES[fate], view.counts[fate]) for fate in FATES],
        "lines": [_line(each) for each in lines[:MOST_LINES]],
        "left_out": max(0, len(lines) - MOST_LINES),
        "is_refused": told.is_refused,
        "is_idle": told.is_idle,
        "digest": told.digest,
        "content": urlsafe_b64encode(content).decode(),
        "paths": paths,
    }
    return shell_of(request).page(request, "supervision/catalogue_preview.html", shown)


def _line(line: LineView) -> dict[str, object]:
    sheet = LAYOUT.named[line.sheet]
    return {
        "sheet": sheet.title,
        "row": line.row,
        "code": line.code,
        "kind": BADGES[line.outcome],
        "fate": FATES[line.outcome],
        "heading": line.heading or "",
        "detail": line.detail or "",
        "fix": line.fix or "",
        "changes": [
            {
                "title": PARTS.get(each.field) or sheet.columns[each.field],
                "before": sheet.words_of(each.field, each.before),
                "after": sheet.words_of(each.field, each.after),
            }
            for each in line.changes
            if each.field != "code"
        ],
    }


def _decoded(content: str) -> bytes:
    try:
        return urlsafe_b64decode(content)
    except (binascii.Error, ValueError):
        raise problem("document-other") from None
