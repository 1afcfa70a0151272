"""The HTTP door of people."""

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
from services.evaluation.forms.people import (
    Joining,
    Leaving,
    Moving,
    PersonRenaming,
)
from services.evaluation.forms.views import PersonView
from services.evaluation.problems import of
from services.evaluation.reading.people import people, person
from services.evaluation.store import PEOPLE

Wish = Joining | PersonRenaming | Moving | Leaving


async def shown(connection: asyncpg.Connection, code: str, on: date | None) -> PersonView:
    """Show a person. Raises ProblemError `person-unknown`."""
    row = await person(connection, code, on)
    if row is None:
        raise of("person-unknown", "code")
    return PersonView.of(row)


def people_router(desk: Desk) -> APIRouter:
    """Build the routes of people."""
    router = APIRouter(tags=["单位名册"])
    _reading(router, desk)
    _keeping(router, desk)
    return router


def _reading(router: APIRouter, desk: Desk) -> None:
    @router.get("/people", summary="查询人员")
    async def all_people(
        _: Reader,
        limit: Limit = DEFAULT_LIMIT,
        after: After = None,
        unit: OfUnit = None,
        on: On = None,
    ) -> Page[PersonView]:
        """Show them in order of their codes; without a day, those that ended too."""
        async with borrowed(desk.pool) as connection:
            rows = await people(
                connection, after=code_after(after), limit=limit + 1, unit=unit, on=on
            )
        return page_of(rows, limit, item=PersonView.of, key=lambda row: row.code)

    @router.get("/people/{code}", summary="查询单个人员")
    async def one_person(code: EntryCode, _: Reader, on: On = None) -> PersonView:
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code, on)

    @router.get("/people/{code}/history", summary="查询人员沿革", response_model_exclude_none=True)
    async def person_history(
        code: EntryCode, _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None
    ) -> Page[ChangeView]:
        async with borrowed(desk.pool) as connection:
            return await history_of(connection, PEOPLE, code, limit=limit, after=after)


def _keeping(router: APIRouter, desk: Desk) -> None:
    async def done(
        code: str, form: Wish, caller: Keeper, key: str | None, response: Response | None = None
    ) -> PersonView:
        is_new = await desk.carry_out(form.command(code), caller, key)
        if response is not None:
            response.status_code = 201 if is_new else 200
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code, None)

    @router.put("/people/{code}", summary="登记人员", responses=created(PersonView))
    async def take_on(
        code: EntryCode, form: Joining, caller: Keeper, response: Response, key: Key = None
    ) -> PersonView:
        """201 if it is new, 200 if it was there with the same content."""
        return await done(code, form, caller, key, response)

    @router.post("/people/{code}/rename", summary="人员更名")
    async def rename(
        code: EntryCode, form: PersonRenaming, caller: Keeper, key: Key = None
    ) -> PersonView:
        return await done(code, form, caller, key)

    @router.post("/people/{code}/move", summary="人员调动")
    async def move(code: EntryCode, form: Moving, caller: Keeper, key: Key = None) -> PersonView:
        return await done(code, form, caller, key)

    @router.post("/people/{code}/leave", summary="人员离任")
    async def leave(code: EntryCode, form: Leaving, caller: Keeper, key: Key = None) -> PersonView:
        return await done(code, form, caller, key)
