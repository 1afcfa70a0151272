"""The HTTP door of the registers: read by day, changed, previewed, imported, exported."""

from asyncio import to_thread
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import Field, TypeAdapter
from starlette.responses import Response

from contracts.vocabulary import PRINTABLE, Code
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.document.formats import MEDIA_TYPES, Format
from kernel.document.outcome import Preview
from kernel.document.shown import PreviewView
from kernel.document.write import write_workbook, write_yaml
from kernel.store.store import load
from kernel.web.access import needs
from kernel.web.answers import not_found
from kernel.web.media import takes
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.electronic_supervision.exported import note_export
from services.electronic_supervision.registers.acts import ACTS, Act
from services.electronic_supervision.registers.clerk import Clerk
from services.electronic_supervision.registers.document.layout import LAYOUT
from services.electronic_supervision.registers.document.remarks import noticed_in
from services.electronic_supervision.registers.document.told import sheets
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.load import all_states, states
from services.electronic_supervision.registers.problems import answered, unknown
from services.electronic_supervision.registers.reading import State, Wanted, listed
from services.electronic_supervision.registers.refusals import WORDS
from services.electronic_supervision.registers.store import KINDS, Kind
from services.electronic_supervision.registers.views import ChangeView, View, view_of

Reader = Annotated[Caller, Depends(needs(Right.SEE_CATALOGUE))]
Keeper = Annotated[Caller, Depends(needs(Right.KEEP_CATALOGUE))]
EntryCode = Annotated[str, Path(max_length=120, pattern=PRINTABLE, description="代码")]
KindName = Annotated[str, Path(max_length=40, description="、".join(KINDS))]
On = Annotated[Day | None, Query(description="本地日期：显示当天的情况，默认今天")]
Search = Annotated[str, Query(max_length=200)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=200, pattern=PRINTABLE, description="重试时不变的编号"
    ),
]
Digest = Annotated[
    str, Query(pattern=r"^[0-9a-f]{64}\.[0-9a-f]{64}$", description="预览时给出的 digest")
]
CODES: TypeAdapter[str] = TypeAdapter(Code)
VERSIONS: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=2**31 - 1)])
GUARDED = [Depends(needs(Right.KEEP_CATALOGUE)), Depends(takes(*MEDIA_TYPES.values()))]
"""The kind of a document is asked for only of those who may bring one."""
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in MEDIA_TYPES.values()
        },
    }
}


class RemarkedPreview(PreviewView):
    """What would become of a document, and what is odd about its bands of discretion."""

    remarks: list[str]


def registers_router(clerk: Clerk) -> APIRouter:
    """Build the routes of the registers."""
    router = APIRouter(prefix="/registers", tags=["监察依据"])
    _documents(router, clerk)
    _reading(router, clerk)
    for slug, act in ACTS.items():
        _changing(router, clerk, slug, act)
    return router


def _documents(router: APIRouter, clerk: Clerk) -> None:
    @router.post("/preview", summary="预览监察依据文件", dependencies=GUARDED, openapi_extra=BODY)
    async def preview(request: Request, caller: Keeper) -> RemarkedPreview:
        """Tell what would become of each line; nothing is changed."""
        content = await request.body()
        return await remarked(await clerk.preview(content, caller), content)

    @router.post("/import", summary="导入监察依据文件", dependencies=GUARDED, openapi_extra=BODY)
    async def import_all(request: Request, caller: Keeper, digest: Digest) -> RemarkedPreview:
        """Import what was previewed, all of it or nothing."""
        content = await request.body()
        return await remarked(await clerk.take_in(content, digest, caller), content)

    @router.get("/export", summary="导出监察依据文件", response_class=Response)
    async def export(
        caller: Reader, kind: Annotated[Format, Query(alias="format")] = Format.XLSX
    ) -> Response:
        """Answer with all registers; imported again they change nothing."""
        await note_export(
            clerk.pool, "registers", kind.value, now=clerk.clock(), by=caller.acting()
        )
        async with clerk.reading() as connection:
            lines = sheets(await all_states(connection))
        write = write_workbook if kind is Format.XLSX else write_yaml
        content = await to_thread(write, LAYOUT, lines)
        name = f"registers-{clerk.today.isoformat()}.{kind.value}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)


async def remarked(told: Preview, content: bytes) -> RemarkedPreview:
    """Show what would become of a document, with remarks."""
    view = PreviewView.of(told, LAYOUT, WORDS)
    odd = await to_thread(noticed_in, content)
    remarks = [f"{each.offence}：{each.words}" for each in odd]
    return RemarkedPreview(**view.model_dump(), remarks=remarks)


def _reading(router: APIRouter, clerk: Clerk) -> None:
    @router.get("/{kind}", summary="查询监察依据")
    async def entries(
        kind: KindName,
        _: Reader,
        *,
        limit: Limit = DEFAULT_LIMIT,
        after: After = None,
        on: On = None,
        q: Search = "",
        unit: Search = "",
        state: State | None = None,
    ) -> Page[View]:
        """Show entries of a kind as they are on a day, in order of their codes."""
        wanted = Wanted(
            kind=_kind(kind), on=on or clerk.today, search=q, unit=unit, state=state or ""
        )
        last = "" if after is None else read_cursor(after, CODES)
        async with clerk.reading() as connection:
            rows = await listed(connection, wanted, after=last, limit=limit + 1)
            told = await states(connection, wanted.kind, [each.code for each in rows])
        views = [view_of(code, state, wanted.on) for code, state in told.items()]
        known = [each for each in views if each is not None]
        return page_of(known, limit, item=lambda each: each, key=lambda each: each.code)

    @router.get("/{kind}/{code}", summary="查询单项监察依据")
    async def entry(kind: KindName, code: EntryCode, _: Reader, on: On = None) -> View:
        return await _shown(clerk, _kind(kind), code, on)

    @router.get("/{kind}/{code}/history", summary="查询监察依据沿革")
    async def history(
        kind: KindName,
        code: EntryCode,
        _: Reader,
        limit: Limit = DEFAULT_LIMIT,
        after: After = None,
    ) -> Page[ChangeView]:
        known = _kind(kind)
        last = 0 if after is None else read_cursor(after, VERSIONS)
        async with clerk.reading() as connection:
            told = await load(connection, known.stream_of(code), after=last)
        if not told and not last:
            raise unknown(known)
        return page_of(told[: limit + 1], limit, item=ChangeView.of, key=lambda each: each.version)


def _changing(router: APIRouter, clerk: Clerk, slug: str, act: Act) -> None:
    async def change(code: EntryCode, form: Any, caller: Keeper, key: Key = None) -> View | None:
        """Answer with the entry as it is today; null if it was taken back as if it never was."""
        with answered():
            command = form.command(code)
        await clerk.carry_out(command, caller, key)
        async with clerk.reading() as connection:
            told = await states(connection, act.kind, [code])
        return view_of(code, told[code], clerk.today)

    change.__annotations__["form"] = act.form  # each act has a form of its own
    router.add_api_route(
        f"/{act.kind.name}/{{code}}/{slug}",
        change,
        methods=["POST"],
        summary=act.title,
        name=slug,
    )


async def _shown(clerk: Clerk, kind: Kind, code: str, on: Any) -> View:
    day = on or clerk.today
    async with clerk.reading() as connection:
        told = await states(connection, kind, [code])
    view = view_of(code, told[code], day)
    if view is None:
        raise unknown(kind)
    return view


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise not_found()
    return KINDS[name]
