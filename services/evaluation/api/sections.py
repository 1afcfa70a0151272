"""The HTTP door of sections."""

from datetime import date

import asyncpg
from fastapi import APIRouter, Response

from kernel.database import borrowed
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of
from services.evaluation.api.history import history_of
from services.evaluation.api.parameters import (
    EntryCode,
    Keeper,
    Key,
    OfUnit,
    On,
    Reader,
    code_after,
    created,
)
from services.evaluation.desk import Desk
from services.evaluation.forms.history import ChangeView
from services.evaluation.forms.sections import (
    SectionClosing,
    SectionOpening,
    SectionRenaming,
)
from services.evaluation.forms.views import SectionView
from services.evaluation.problems import of
from services.evaluation.reading.sections import section, sections
from services.evaluation.store import SECTIONS

Wish = SectionOpening | SectionRenaming | SectionClosing


async def shown(connection: asyncpg.Connection, code: str, on: date | None) -> SectionView:
    """Show a section. Raises ProblemError `section-unknown`."""
    row = await section(connection, code, on)
    if row is None:
        raise of("section-unknown", "code")
    return SectionView.of(row)


def sections_router(desk: Desk) -> APIRouter:
    """Build the routes of sections."""
    router = APIRouter(tags=["单位名册"])
    _reading(router, desk)
    _keeping(router, desk)
    return router


def _reading(router: APIRouter, desk: Desk) -> None:
    @router.get("/sections", summary="查询科室")
    async def all_sections(
        _: Reader,
        limit: Limit = DEFAULT_LIMIT,
        after: After = None,
        unit: OfUnit = None,
        on: On = None,
    ) -> Page[SectionView]:
        """Show them in order of their codes; without a day, those that ended too."""
        async with borrowed(desk.pool) as connection:
            rows = await sections(
                connection, after=code_after(after), limit=limit + 1, unit=unit, on=on
            )
        return page_of(rows, limit, item=SectionView.of, key=lambda row: row.code)

    @router.get("/sections/{code}", summary="查询单个科室")
    async def one_section(code: EntryCode, _: Reader, on: On = None) -> SectionView:
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code, on)

    @router.get(
        "/sections/{code}/history", summary="查询科室沿革", response_model_exclude_none=True
    )
    async def section_history(
        code: EntryCode, _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None
    ) -> Page[ChangeView]:
        async with borrowed(desk.pool) as connection:
            return await history_of(connection, SECTIONS, code, limit=limit, after=after)


def _keeping(router: APIRouter, desk: Desk) -> None:
    async def done(
        code: str, form: Wish, caller: Keeper, key: str | None, response: Response | None = None
    ) -> SectionView:
        is_new = await desk.carry_out(form.command(code), caller, key)
        if response is not None:
            response.status_code = 201 if is_new else 200
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code, None)

    @router.put("/sections/{code}", summary="设立科室", responses=created(SectionView))
    async def open_section(
        code: EntryCode, form: SectionOpening, caller: Keeper, response: Response, key: Key = None
    ) -> SectionView:
        """201 if it is new, 200 if it was there with the same content."""
        return await done(code, form, caller, key, response)

    @router.post("/sections/{code}/rename", summary="科室更名")
    async def rename(
        code: EntryCode, form: SectionRenaming, caller: Keeper, key: Key = None
    ) -> SectionView:
        return await done(code, form, caller, key)

    @router.post("/sections/{code}/close", summary="撤销科室")
    async def close(
        code: EntryCode, form: SectionClosing, caller: Keeper, key: Key = None
    ) -> SectionView:
        return await done(code, form, caller, key)
