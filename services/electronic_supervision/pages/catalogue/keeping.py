"""The pages by which single items are published, changed and withdrawn."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.problem import Problem, ProblemError
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.catalogue.document.layout import ITEMS
from services.electronic_supervision.catalogue.document.lines import AliasLine, Day
from services.electronic_supervision.catalogue.reading import item
from services.electronic_supervision.catalogue.refusals import answered, problem
from services.electronic_supervision.catalogue.words import ARRANGEMENTS, FEES, GUIDES, NATURES
from services.electronic_supervision.domain.catalogue.item_acts import (
    AddItemAlias,
    ItemAlias,
    RemoveItemAlias,
    WithdrawItem,
)
from services.electronic_supervision.pages.catalogue import paths
from services.electronic_supervision.pages.catalogue.editing import PARTS, command_of, values_of

Keeper = Annotated[Caller, Depends(needs(Right.KEEP_CATALOGUE))]
Code = Annotated[str, Form(max_length=100)]
Said = Annotated[str, Form(max_length=500)]
CHOICES = {"nature": NATURES, "fee": FEES, "guide": GUIDES, "arrangement": ARRANGEMENTS}


def keeping_router(desk: CatalogueDesk) -> APIRouter:
    """Build the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    _editing(router, desk)
    _other_acts(router, desk)
    return router


def _editing(router: APIRouter, desk: CatalogueDesk) -> None:
    @router.get(paths.EDIT)
    async def blank(
        request: Request, _: Keeper, code: Annotated[str, Query(max_length=100)] = ""
    ) -> Response:
        if not code:
            return _form(request, {"effective_from": desk.today.isoformat()}, is_new=True)
        async with desk.reading() as connection:
            # what comes goes before what is: a change can not be made before the last one
            row = await item(connection, code, date.max)
        if row is None:
            raise problem("item-unknown", "code")
        if row.withdrawn_from is not None:
            raise problem("item-withdrawn", "code")
        day = max(desk.today, row.first_day)
        values = {**values_of(row), "effective_from": day.isoformat()}
        return _form(request, values, is_new=False)

    @router.post(paths.EDIT)
    async def edit(request: Request, caller: Keeper) -> Response:
        """Publish or change an item, or show what is filled in wrongly."""
        async with request.form(max_fields=50, max_files=0) as form:
            values = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        is_new = values.pop("is_new", "") == "yes"
        try:
            with answered():
                command = command_of(values, desk.today, is_new=is_new)
            happened = await desk.carry_out(command, caller)
        except ProblemError as error:
            return _form(request, values, is_new=is_new, why=error.problem)
        done = ("published" if is_new else "revised") if happened else "same"
        return RedirectResponse(paths.item(command.code, done), 303)


def _other_acts(router: APIRouter, desk: CatalogueDesk) -> None:
    @router.post(paths.WITHDRAW)
    async def withdraw(
        caller: Keeper,
        code: Code,
        effective_from: Annotated[Day, Form()],
        reason: Said = "",
    ) -> Response:
        command = WithdrawItem(
            code=code,
            effective_from=effective_from,
            reason=reason.strip(),
            said_on=desk.today,
        )
        happened = await desk.carry_out(command, caller)
        return RedirectResponse(paths.item(code, "withdrawn" if happened else "same"), 303)

    @router.post(paths.ADD_ALIAS)
    async def add_alias(
        caller: Keeper, code: Code, source: Said, alias: Annotated[str, Form(max_length=100)]
    ) -> Response:
        wish = AddItemAlias(code=code, alias=_alias(code, source, alias))
        happened = await desk.carry_out(wish, caller)
        return RedirectResponse(paths.item(code, "alias" if happened else "same"), 303)

    @router.post(paths.REMOVE_ALIAS)
    async def remove_alias(
        caller: Keeper, code: Code, source: Said, alias: Annotated[str, Form(max_length=100)]
    ) -> Response:
        wish = RemoveItemAlias(code=code, alias=ItemAlias(source=source, code=alias))
        happened = await desk.carry_out(wish, caller)
        return RedirectResponse(paths.item(code, "alias" if happened else "same"), 303)


def _alias(item_code: str, source: str, code: str) -> ItemAlias:
    try:
        line = AliasLine(item=item_code, source=source.strip(), code=code.strip())
    except ValueError:
        raise problem("value-wrong", "alias") from None
    return ItemAlias(source=line.source, code=line.code)


def _form(
    request: Request, values: dict[str, str], *, is_new: bool, why: Problem | None = None
) -> Response:
    told = {
        "values": values,
        "is_new": is_new,
        "titles": ITEMS.columns,
        "choices": CHOICES,
        "parts": PARTS,
        "problem": why,
        "wrong": "" if why is None else why.field or "",
        "back": paths.ROOT if is_new else paths.item(values.get("code", "")),
        "paths": paths,
    }
    status = 200 if why is None else why.status
    page = "supervision/catalogue_form.html"
    return shell_of(request).page(request, page, told, status=status)
