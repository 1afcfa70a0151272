"""The pages by which a whole register is taken in: upload, preview, confirm."""

import binascii
import zlib
from asyncio import to_thread
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.document.formats import make_sure_of_kind
from kernel.document.outcome import Fate, Preview
from kernel.document.shown import LineView, PreviewView
from kernel.web.access import needs
from kernel.web.problem import Problem, ProblemError
from kernel.web.shell.shell import shell_of
from services.evaluation.desk import Desk
from services.evaluation.document.headings import LAYOUT
from services.evaluation.pages import paths
from services.evaluation.problems import WORDS, answered, of

Keeper = Annotated[Caller, Depends(needs(Right.KEEP_REGISTER))]
MOST_LINES = 300
"""Lines that a page shows; those that are refused come first."""

MOST_PACKED = LAYOUT.most_bytes * 4 // 3 + (1 << 16)
"""Bytes of a document as a page gives it back: packed, in base64."""

FATES = {Fate.REFUSED: "不能导入", Fate.NEW: "新增", Fate.CHANGED: "变更", Fate.UNCHANGED: "无变化"}
BADGES = {Fate.REFUSED: "red", Fate.NEW: "good", Fate.CHANGED: "reminder"}


def importing_router(desk: Desk) -> APIRouter:
    """Build the routes of the pages."""
    router = APIRouter(include_in_schema=False)

    @router.get(paths.IMPORT)
    async def blank(request: Request, _: Keeper) -> Response:
        return _upload(request)

    @router.post(paths.PREVIEW)
    async def preview(request: Request, caller: Keeper) -> Response:
        """Show what would become of each line, and ask."""
        try:
            content = await _uploaded(request)
            told = await desk.preview(content, caller)
        except ProblemError as error:
            return _upload(request, error.problem)
        return await to_thread(_shown, request, told, content)

    @router.post(paths.IMPORT)
    async def confirm(request: Request, caller: Keeper) -> Response:
        """Import what was shown, or say why not."""
        try:
            content, digest = await _confirmed(request)
            await desk.import_document(content, digest, caller)
        except ProblemError as error:
            return _upload(request, error.problem)
        return RedirectResponse(f"{paths.ROOT}?imported=true", 303)

    return router


def _upload(request: Request, problem: Problem | None = None) -> Response:
    told = {"problem": problem, "paths": paths}
    status = 200 if problem is None else problem.status
    return shell_of(request).page(request, "register/import.html", told, status=status)


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
        "content": urlsafe_b64encode(zlib.compress(content)).decode(),
        "paths": paths,
    }
    return shell_of(request).page(request, "register/preview.html", shown)


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
                "title": sheet.columns[each.field],
                "before": sheet.words_of(each.field, each.before),
                "after": sheet.words_of(each.field, each.after),
            }
            for each in line.changes
            if each.field != "code"
        ],
    }


# forms are read here and not by their declaration, which would come before the caller's right
async def _uploaded(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=1) as form:
        document = form.get("document")
        if not isinstance(document, UploadFile) or not document.filename:
            raise of("document-missing", "document")
        content = await document.read()
        with answered():
            make_sure_of_kind(content, document.filename)
        return content


async def _confirmed(request: Request) -> tuple[bytes, str]:
    # all of it, as its allowance lets in: the file is one field of the form here
    async with request.form(max_files=0, max_fields=2, max_part_size=MOST_PACKED) as form:
        content, digest = form.get("content"), form.get("digest")
    if not isinstance(content, str) or not isinstance(digest, str):
        raise of("document-other", "")
    return await to_thread(_decoded, content), digest


def _decoded(content: str) -> bytes:
    try:
        return _unpacked(urlsafe_b64decode(content))
    except (binascii.Error, ValueError, zlib.error):
        raise of("document-other", "") from None


def _unpacked(packed: bytes) -> bytes:
    # what was shown is no larger; a few bytes that become gigabytes were never shown
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(packed, LAYOUT.most_bytes + 1)
    if not unpacking.eof:
        raise of("document-other", "")
    return content
