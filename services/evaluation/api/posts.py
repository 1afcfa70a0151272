"""The HTTP door of posts."""

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
from services.evaluation.forms.posts import (
    Appointing,
    ComingBack,
    GoingAway,
    PostAbolishing,
    PostEstablishing,
    PostRenaming,
    Relieving,
)
from services.evaluation.forms.views import PostView
from services.evaluation.problems import of
from services.evaluation.reading.posts import post, posts
from services.evaluation.store import POSTS

Wish = (
    PostEstablishing
    | PostRenaming
    | Appointing
    | Relieving
    | GoingAway
    | ComingBack
    | PostAbolishing
)


async def shown(connection: asyncpg.Connection, code: str, on: date) -> PostView:
    """Show a post. Raises ProblemError `post-unknown`."""
    row = await post(connection, code, on)
    if row is None:
        raise of("post-unknown", "code")
    return PostView.of(row)


def posts_router(desk: Desk) -> APIRouter:
    """Build the routes of posts."""
    router = APIRouter(tags=["单位名册"])
    _reading(router, desk)
    _keeping(router, desk)
    return router


def _reading(router: APIRouter, desk: Desk) -> None:
    @router.get("/posts", summary="查询岗位")
    async def all_posts(
        _: Reader,
        limit: Limit = DEFAULT_LIMIT,
        after: After = None,
        unit: OfUnit = None,
        on: On = None,
    ) -> Page[PostView]:
        """Show the posts in order of their codes, as they are on a day; without one, today."""
        async with borrowed(desk.pool) as connection:
            rows = await posts(
                connection,
                after=code_after(after),
                limit=limit + 1,
                unit=unit,
                on=on or desk.today,
                is_there=on is not None,
            )
        return page_of(rows, limit, item=PostView.of, key=lambda row: row.code)

    @router.get("/posts/{code}", summary="查询单个岗位")
    async def one_post(code: EntryCode, _: Reader, on: On = None) -> PostView:
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code, on or desk.today)

    @router.get("/posts/{code}/history", summary="查询岗位沿革", response_model_exclude_none=True)
    async def post_history(
        code: EntryCode, _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None
    ) -> Page[ChangeView]:
        async with borrowed(desk.pool) as connection:
            return await history_of(connection, POSTS, code, limit=limit, after=after)


def _keeping(router: APIRouter, desk: Desk) -> None:
    async def done(
        code: str, form: Wish, caller: Keeper, key: str | None, response: Response | None = None
    ) -> PostView:
        is_new = await desk.carry_out(form.command(code), caller, key)
        if response is not None:
            response.status_code = 201 if is_new else 200
        async with borrowed(desk.pool) as connection:
            return await shown(connection, code, desk.today)

    @router.put("/posts/{code}", summary="设立岗位", responses=created(PostView))
    async def establish(
        code: EntryCode, form: PostEstablishing, caller: Keeper, response: Response, key: Key = None
    ) -> PostView:
        """201 if it is new, 200 if it was there with the same content."""
        return await done(code, form, caller, key, response)

    @router.post("/posts/{code}/rename", summary="岗位更名")
    async def rename(
        code: EntryCode, form: PostRenaming, caller: Keeper, key: Key = None
    ) -> PostView:
        return await done(code, form, caller, key)

    @router.post("/posts/{code}/appoint", summary="任用 A 岗、B 岗")
    async def appoint(
        code: EntryCode, form: Appointing, caller: Keeper, key: Key = None
    ) -> PostView:
        return await done(code, form, caller, key)

    @router.post("/posts/{code}/relieve", summary="免去 A 岗、B 岗")
    async def relieve(
        code: EntryCode, form: Relieving, caller: Keeper, key: Key = None
    ) -> PostView:
        return await done(code, form, caller, key)

    @router.post("/posts/{code}/away", summary="登记离岗")
    async def go_away(
        code: EntryCode, form: GoingAway, caller: Keeper, key: Key = None
    ) -> PostView:
        return await done(code, form, caller, key)

    @router.post("/posts/{code}/back", summary="登记返岗")
    async def come_back(
        code: EntryCode, form: ComingBack, caller: Keeper, key: Key = None
    ) -> PostView:
        return await done(code, form, caller, key)

    @router.post("/posts/{code}/abolish", summary="撤销岗位")
    async def abolish(
        code: EntryCode, form: PostAbolishing, caller: Keeper, key: Key = None
    ) -> PostView:
        return await done(code, form, caller, key)
