"""The HTTP door of units."""

import asyncpg
from fastapi import APIRouter, Response

from kernel.database import borrowed
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of
from services.evaluation.api.history import history_of
from services.evaluation.api.parameters import (
    EntryCode,
    Keeper,
    Key,
    On,
    Reader,
    code_after,
    created,
)
from services.evaluation.desk import Desk
from services.evaluation.forms.history import ChangeView
from services.evaluation.forms.units import (
    AddingAlias,
    Closing,
    Registration,
    Regrouping,
    RemovingAlias,
    Renaming,
)
from services.evaluation.forms.views import UnitView
from services.evaluation.problems import of
from services.evaluation.reading.units import unit, units
from services.evaluation.store import UNITS


async def shown(connection: asyncpg.Connection, code: str, on: On = None) -> UnitView:
    """Show a unit. Raises ProblemError `unit-unknown`."""
    row = await unit(connection, code, on)
    if row is None:
        raise of("unit-unknown", "code")
    return UnitView.of(row)


def units_router(desk: Desk) -> APIRouter:
    """Build the routes of units."""
    router = APIRouter(tags=["单位名册"])
    _reading(router, desk)
    _keeping(router, desk)
    return router


def _reading(router: APIRouter, desk: Desk) -> None:
    @router.get("/units", summary="查询单位名册")
    async def all_units(
        _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None, on: On = None
    ) -> Page[UnitView]:
        """Show the units in order of their codes; without a day, those that were closed too."""
        async with borrowed(desk.pool) as connection:
            rows = await units(connection, after=code_after(after), limit=limit + 1, on=on)
        return page_of(rows, limit, item=UnitView.of, key=lambda row: row.code)

    @router.get("/units/{code}", summary="查询单位")
    async def one_unit(code: EntryCode, _: Reader, on: On = None) -> UnitView:
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code, on)

    @router.get("/units/{code}/history", summary="查询单位沿革", response_model_exclude_none=True)
    async def unit_history(
        code: EntryCode, _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None
    ) -> Page[ChangeView]:
        async with borrowed(desk.pool) as connection:
            return await history_of(connection, UNITS, code, limit=limit, after=after)


def _keeping(router: APIRouter, desk: Desk) -> None:
    async def done(
        code: str,
        form: Registration | Renaming | Regrouping | AddingAlias | RemovingAlias | Closing,
        caller: Keeper,
        key: str | None,
        response: Response | None = None,
    ) -> UnitView:
        is_new = await desk.carry_out(form.command(code), caller, key)
        if response is not None:
            response.status_code = 201 if is_new else 200
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code)

    @router.put("/units/{code}", summary="登记单位", responses=created(UnitView))
    async def register(
        code: EntryCode, form: Registration, caller: Keeper, response: Response, key: Key = None
    ) -> UnitView:
        """Register a unit: 201 if it is new, 200 if it was registered with the same content."""
        return await done(code, form, caller, key, response)

    @router.post("/units/{code}/rename", summary="单位更名")
    async def rename(code: EntryCode, form: Renaming, caller: Keeper, key: Key = None) -> UnitView:
        return await done(code, form, caller, key)

    @router.post("/units/{code}/regroup", summary="调整单位组别")
    async def regroup(
        code: EntryCode, form: Regrouping, caller: Keeper, key: Key = None
    ) -> UnitView:
        return await done(code, form, caller, key)

    @router.post("/units/{code}/aliases", summary="增加对应代码")
    async def add_alias(
        code: EntryCode, form: AddingAlias, caller: Keeper, key: Key = None
    ) -> UnitView:
        return await done(code, form, caller, key)

    @router.post("/units/{code}/aliases/remove", summary="取消对应代码")
    async def remove_alias(
        code: EntryCode, form: RemovingAlias, caller: Keeper, key: Key = None
    ) -> UnitView:
        return await done(code, form, caller, key)

    @router.post("/units/{code}/close", summary="撤销单位")
    async def close(code: EntryCode, form: Closing, caller: Keeper, key: Key = None) -> UnitView:
        return await done(code, form, caller, key)
