"""账号管理: all accounts, and one more."""

from collections.abc import Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from kernel.access.account import OpenAccount
from kernel.access.accounts import AccountRow, account, accounts, carry_out, set_password
from kernel.access.passwords import generated
from kernel.access.policy import PEOPLE, Right
from kernel.access.principal import Caller
from kernel.access.refused import Refused
from kernel.database import borrowed
from kernel.reception.desk import Desk
from kernel.reception.doubts import doubts, unregistered
from kernel.reception.form import Form, form_of
from kernel.reception.granting import choices, chosen
from kernel.reception.refusals import told as in_words
from kernel.reception.words import moment, roles
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of

PATH = "/console/accounts"
Keeper = Annotated[Caller, Depends(needs(Right.KEEP_ACCOUNTS))]


def accounts_router(desk: Desk) -> APIRouter:
    """Build the routes of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def show(request: Request, _: Keeper) -> Response:
        """Show all accounts."""
        return await _list(desk, request)

    @router.post(PATH)
    async def open_one(request: Request, caller: Keeper) -> Response:
        """Open an account, and show its password, the only time."""
        form = await form_of(request)
        try:
            password = await _opened(desk, caller, form)
        except Refused as refused:
            return await _list(desk, request, form, in_words(refused))
        name = form.text("name").lower()
        return await show_password(desk, request, name, password, is_new=True)

    return router


async def show_password(
    desk: Desk, request: Request, name: str, password: str | None, *, is_new: bool
) -> Response:
    """Show what was made for an account; None if it signs in elsewhere only."""
    async with borrowed(desk.pool) as connection:
        row = await account(connection, name)
    grants = () if row is None else row.grants
    told = {
        "name": name,
        "title": "" if row is None else row.title,
        "roles": roles(grants),
        "doubts": doubts(grants, await unregistered(request, grants)),
        "password": password,
        "is_new": is_new,
    }
    return shell_of(request).page(request, "reception/account_opened.html", told)


def line(row: AccountRow, unknown: Collection[str]) -> Mapping[str, object]:
    """Return what a page tells of an account; `unknown` are units that nobody registered."""
    return {
        "name": row.name,
        "title": row.title,
        "roles": roles(row.grants),
        "doubts": doubts(row.grants, unknown),
        "is_suspended": row.is_suspended,
        "owes_password": row.owes_password,
        "issuer": row.issuer or "",
        "subject": row.subject or "",
        "opened_at": moment(row.opened_at),
        "seen_at": moment(row.seen_at),
    }


async def _opened(desk: Desk, caller: Caller, form: Form) -> str | None:
    """Open an account and return its password, None for one without. Raises Refused."""
    name, now, by = form.text("name").lower(), desk.clock(), caller.acting()
    command = OpenAccount(name=name, title=form.text("title"), grants=chosen(form, PEOPLE))
    password = None if form.one("without-password") else generated()
    digest = "" if password is None else await desk.passwords.digest(password)
    async with borrowed(desk.pool) as connection, connection.transaction():
        if not await carry_out(connection, command, now=now, by=by):
            raise Refused("account-exists", field="name")
        if password is not None:
            await set_password(connection, name, digest, is_generated=True, now=now, by=by)
    return password


async def _list(
    desk: Desk,
    request: Request,
    form: Form | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    async with borrowed(desk.pool) as connection:
        rows = await accounts(connection)
    unknown = await unregistered(request, (grant for row in rows for grant in row.grants))
    told = {
        "accounts": [line(row, unknown) for row in rows],
        "choices": choices(PEOPLE),
        "name": "" if form is None else form.text("name"),
        "title": "" if form is None else form.text("title"),
        "wrong": wrong,
        "elsewhere": desk.elsewhere,
    }
    status = 422 if wrong else 200
    return shell_of(request).page(request, "reception/accounts.html", told, status=status)
