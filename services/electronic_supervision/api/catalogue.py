"""The HTTP door of the catalogue of items (事项目录)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import Field, TypeAdapter

from contracts.vocabulary import PRINTABLE, Code
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.document.lines import Day
from services.electronic_supervision.catalogue.forms import (
    AliasForm,
    ChangeView,
    ItemView,
    Publication,
    Revision,
    VersionView,
    WholeItemView,
    Withdrawal,
)
from services.electronic_supervision.catalogue.history import changes, shown
from services.electronic_supervision.catalogue.reading import (
    Filter,
    Standing,
    aliases,
    item,
    items,
    versions,
)
from services.electronic_supervision.catalogue.refusals import problem
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    Command,
    PublishItem,
    RemoveItemAlias,
    ReviseItem,
    WithdrawItem,
)
from services.electronic_supervision.domain.catalogue.item_content import Arrangement, Nature

Reader = Annotated[Caller, Depends(needs(Right.SEE_CATALOGUE))]
Keeper = Annotated[Caller, Depends(needs(Right.KEEP_CATALOGUE))]
ItemCode = Annotated[str, Path(max_length=100, pattern=PRINTABLE, description="事项代码")]
On = Annotated[Day | None, Query(description="本地日期：显示当天的情况，不填为今天")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=200, pattern=PRINTABLE, description="重试时不变的编号"
    ),
]
Unit = Annotated[str | None, Query(max_length=100, pattern=PRINTABLE, description="单位代码")]
Words = Annotated[str | None, Query(max_length=100, description="代码或者名称中的字")]

CODES: TypeAdapter[str] = TypeAdapter(Code)
VERSIONS: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=2**31 - 1)])


def catalogue_router(desk: CatalogueDesk) -> APIRouter:
    """Build the routes of single items."""
    router = APIRouter(tags=["事项目录"])
    _reading(router, desk)
    _keeping(router, desk)
    return router


async def _whole(desk: CatalogueDesk, code: str, on: On = None) -> WholeItemView:
    async with desk.reading() as connection:
        row = await item(connection, code, on or desk.today)
        if row is None:
            raise problem("item-unknown", "code")
        return WholeItemView(
            **dict(ItemView.of(row)),
            versions=[VersionView.of(each) for each in await versions(connection, code)],
            aliases=[
                AliasForm(source=each.source, code=each.code)
                for each in await aliases(connection, code)
            ],
        )


def _reading(router: APIRouter, desk: CatalogueDesk) -> None:
    @router.get("/items", summary="查询事项目录")
    async def all_items(
        _: Reader,
        limit: Limit = DEFAULT_LIMIT,
        after: After = None,
        on: On = None,
        standing: Standing | None = None,
        unit: Unit = None,
        nature: Nature | None = None,
        arrangement: Arrangement | None = None,
        q: Words = None,
    ) -> Page[ItemView]:
        """Show the items of a day in order of their codes; those withdrawn or to come too."""
        asked = Filter(
            standing=standing or "",
            unit=unit or "",
            nature=nature or "",
            arrangement=arrangement or "",
            words=q or "",
        )
        begin = "" if after is None else read_cursor(after, CODES)
        async with desk.reading() as connection:
            rows = await items(
                connection, asked, day=on or desk.today, after=begin, limit=limit + 1
            )
        return page_of(rows, limit, item=ItemView.of, key=lambda row: row.code)

    @router.get("/items/{code}", summary="查询事项")
    async def one_item(code: ItemCode, _: Reader, on: On = None) -> WholeItemView:
        return await _whole(desk, code, on)

    @router.get("/items/{code}/history", summary="查询事项沿革", response_model_exclude_none=True)
    async def item_history(
        code: ItemCode, _: Reader, limit: Limit = DEFAULT_LIMIT, after: After = None
    ) -> Page[ChangeView]:
        last = 0 if after is None else read_cursor(after, VERSIONS)
        async with desk.reading() as connection:
            if await item(connection, code, desk.today) is None:
                raise problem("item-unknown", "code")
            told = await changes(connection, code, last)
        return page_of(told[: limit + 1], limit, item=shown, key=lambda stored: stored.version)


def _keeping(router: APIRouter, desk: CatalogueDesk) -> None:
    async def done(
        command: Command, caller: Keeper, key: str | None, response: Response | None = None
    ) -> WholeItemView:
        is_new = await desk.carry_out(command, caller, key)
        if response is not None:
            response.status_code = 201 if is_new else 200
        return await _whole(desk, command.code)

    @router.put(
        "/items/{code}",
        summary="发布事项",
        responses={201: {"model": WholeItemView, "description": "已发布"}},
    )
    async def publish(
        code: ItemCode, form: Publication, caller: Keeper, response: Response, key: Key = None
    ) -> WholeItemView:
        """Publish an item: 201 if it is new, 200 if it was published with the same content."""
        command = PublishItem(
            code=code,
            content=form.content.content(),
            aliases=tuple(sorted({each.alias() for each in form.aliases})),
            effective_from=form.effective_from,
            reason=form.reason or "",
            said_on=desk.today,
        )
        return await done(command, caller, key, response)

    @router.post("/items/{code}/revise", summary="变更事项")
    async def revise(
        code: ItemCode, form: Revision, caller: Keeper, key: Key = None
    ) -> WholeItemView:
        command = ReviseItem(
            code=code,
            content=form.content.content(),
            effective_from=form.effective_from,
            reason=form.reason or "",
            said_on=desk.today,
        )
        return await done(command, caller, key)

    @router.post("/items/{code}/withdraw", summary="取消事项")
    async def withdraw(
        code: ItemCode, form: Withdrawal, caller: Keeper, key: Key = None
    ) -> WholeItemView:
        command = WithdrawItem(
            code=code,
            effective_from=form.effective_from,
            reason=form.reason or "",
            said_on=desk.today,
        )
        return await done(command, caller, key)

    @router.post("/items/{code}/aliases", summary="增加事项对应代码")
    async def add_alias(
        code: ItemCode, form: AliasForm, caller: Keeper, key: Key = None
    ) -> WholeItemView:
        return await done(AddItemAlias(code=code, alias=form.alias()), caller, key)

    @router.post("/items/{code}/aliases/remove", summary="取消事项对应代码")
    async def remove_alias(
        code: ItemCode, form: AliasForm, caller: Keeper, key: Key = None
    ) -> WholeItemView:
        return await done(RemoveItemAlias(code=code, alias=form.alias()), caller, key)
