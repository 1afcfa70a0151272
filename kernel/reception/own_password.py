"""修改口令: another password for oneself, and another session with it."""

from collections.abc import Mapping

import asyncpg
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kernel.access import throttle
from kernel.access.accounts import account, digest_of_password, held, set_password
from kernel.access.passwords import make_sure_of_good
from kernel.access.principal import Caller
from kernel.access.refused import Refused
from kernel.access.sessions import is_open_still, open_session
from kernel.database import borrowed
from kernel.reception.desk import Desk
from kernel.reception.form import Form, form_of
from kernel.reception.own_account import Holder, holder_of
from kernel.reception.refusals import told as in_words
from kernel.reception.sign_in import forgetting, remembering, visitor_of
from kernel.web.access import visit_of
from kernel.web.shell.shell import shell_of
from kernel.web.shell.ways import OWN_ACCOUNT, OWN_PASSWORD, SIGN_IN


def own_password_router(desk: Desk) -> APIRouter:
    """Build the routes of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get(OWN_PASSWORD)
    async def show(request: Request, caller: Holder) -> Response:
        """Show the form."""
        return await _form(desk, request, caller)

    @router.post(OWN_PASSWORD)
    async def change(request: Request, caller: Holder) -> Response:
        """Change the password: every other session ends, and this one gets a new id."""
        form = await form_of(request)
        try:
            secret = await _changed(desk, request, caller, form)
        except Refused as refused:
            return await _form(desk, request, caller, in_words(refused))
        desk.holders.forget()
        if secret is None:
            return forgetting(request, RedirectResponse(SIGN_IN, 303))
        to = "/" if caller.principal.owes_password else f"{OWN_ACCOUNT}?changed=1"
        return remembering(request, RedirectResponse(to, 303), secret)

    return router


async def _changed(desk: Desk, request: Request, caller: Caller, form: Form) -> str | None:
    """Set the password, and return what the cookie of the new session holds.

    None if he was shut out meanwhile: what shut him out stands. Raises Refused.
    """
    name, now, new = holder_of(caller), desk.clock(), form.one("new")
    make_sure_of_good(new, name)
    if new != form.one("again"):
        raise Refused("password-differs")
    who = throttle.account_key(name)
    async with borrowed(desk.pool) as connection:
        if await throttle.wait(connection, who, throttle.WITH_ACCOUNT, now):
            raise Refused("too-many-attempts")
        digest = await digest_of_password(connection, name)
    if not await desk.passwords.fits(digest, form.one("current")):
        raise Refused("password-wrong")
    if await desk.passwords.fits(digest, new):
        raise Refused("password-same")
    kept, visitor = await desk.passwords.digest(new), visitor_of(request)
    async with borrowed(desk.pool) as connection, connection.transaction():
        if not await _is_in_still(connection, request, name, digest):
            return None
        await throttle.forgive(connection, who)
        await set_password(connection, name, kept, is_generated=False, now=now, by=caller.acting())
        return await open_session(
            connection, name, now=now, address=visitor.address, agent=visitor.agent
        )


async def _is_in_still(
    connection: asyncpg.Connection, request: Request, name: str, digest: str | None
) -> bool:
    """Tell whether his session and his password are what they were, and hold them so."""
    await held(connection, name)
    is_same = await digest_of_password(connection, name) == digest
    return is_same and await is_open_still(connection, visit_of(request).digest, name)


async def _form(
    desk: Desk, request: Request, caller: Caller, wrong: Mapping[str, str] | None = None
) -> Response:
    name = holder_of(caller)
    async with borrowed(desk.pool) as connection:
        row = await account(connection, name)
        has_password = await digest_of_password(connection, name) is not None
    told = {
        "name": name,
        "owes_password": row is not None and row.owes_password,
        "has_password": has_password,
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    return shell_of(request).page(request, "reception/own_password.html", told, status=status)
