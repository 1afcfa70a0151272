"""Signing in with an account and a password, and signing out again."""

import re

from fastapi import APIRouter, Request
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse, Response

from kernel.access.accounts import AccountRow
from kernel.access.attempts import SignedOut, note
from kernel.access.principal import Principal
from kernel.access.sessions import end
from kernel.database import borrowed
from kernel.reception.desk import Desk, address_of
from kernel.reception.form import form_of
from kernel.reception.letting_in import Visitor, Wait, by_password
from kernel.web.access import digest_of
from kernel.web.browser import (
    cookie_name,
    is_secure,
    make_sure_of_origin,
    public_url,
    secret_of,
)
from kernel.web.shell.shell import shell_of
from kernel.web.shell.ways import SIGN_IN, SIGN_OUT

OWN_PATH = re.compile(r"/(?:[A-Za-z0-9_\-.~%?&=+][A-Za-z0-9_\-.~%?&=+/]*)?")
"""A path of ours; // or /\\ would lead a browser to another host."""
LEADS_UP = re.compile(r"/\.*/|/\.+$")
"""Empty steps and steps up, which a browser or a proxy may make another path of."""

LONGEST = 2000


def sign_in_router(desk: Desk) -> APIRouter:
    """Build the routes; strangers are let in there."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN)
    async def show(request: Request) -> Response:
        """Show the form."""
        return form(desk, request, request.query_params.get("next", ""))

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        """Take a name and a password; wrong ones are told on the form."""
        make_sure_of_origin(request)
        filled = await form_of(request)
        name, then = filled.text("account").lower(), filled.one("next")
        found = await by_password(desk, name, filled.one("password"), visitor_of(request))
        if found is None:
            return form(desk, request, then, name=name, is_wrong=True)
        if isinstance(found, Wait):
            return form(desk, request, then, name=name, pause=int(found.pause.total_seconds()) + 1)
        return await let_in(desk, request, found.account, found.secret, then)

    @router.post(SIGN_OUT)
    async def sign_out(request: Request) -> Response:
        """End the session, and let the browser forget it."""
        make_sure_of_origin(request)
        if (secret := secret_of(request)) is not None:
            async with borrowed(desk.pool) as connection:
                name = await end(connection, digest_of(secret))
                if name is not None:
                    left = SignedOut(name=name, everywhere=False)
                    await note(connection, left, now=desk.clock())
            desk.holders.forget()
        return forgetting(request, RedirectResponse(SIGN_IN, 303))

    return router


def visitor_of(request: Request) -> Visitor:
    """Return who knocks; behind a proxy all addresses are the same, and say nothing of anybody."""
    return Visitor(
        address=address_of(request),
        agent=request.headers.get("user-agent", ""),
        is_direct=not public_url(request),
    )


async def let_in(desk: Desk, request: Request, who: AccountRow, secret: str, then: str) -> Response:
    """Answer somebody who was admitted: with the cookie of his session, and where he wanted to go.

    What his browser held before is worth nothing any more, whoever put it there.
    """
    if (old := secret_of(request)) is not None:
        async with borrowed(desk.pool) as connection:
            await end(connection, digest_of(old))
        desk.holders.forget()
    principal = Principal(
        name=who.name, grants=who.grants, has_account=True, owes_password=who.owes_password
    )
    home = shell_of(request).home(principal)
    to = home if who.owes_password else own_path(then) or home
    return remembering(request, RedirectResponse(to, 303), secret)


def remembering(request: Request, answer: Response, secret: str) -> Response:
    """Let a browser keep what shows its session, where no script reads it."""
    answer.set_cookie(
        cookie_name(request),
        secret,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )
    return answer


def forgetting(request: Request, answer: Response) -> Response:
    """Let a browser forget its session, and what it kept of our pages."""
    answer.delete_cookie(
        cookie_name(request), path="/", httponly=True, samesite="lax", secure=is_secure(request)
    )
    MutableHeaders(raw=answer.raw_headers)["Clear-Site-Data"] = '"cache"'
    return answer


def form(
    desk: Desk,
    request: Request,
    then: str,
    *,
    name: str = "",
    is_wrong: bool = False,
    pause: int = 0,
) -> Response:
    """Show the form, with what was wrong, or for how many seconds nobody is asked."""
    told = {
        "then": own_path(then),
        "name": name,
        "is_wrong": is_wrong,
        "pause": pause,
        "elsewhere": desk.elsewhere,
    }
    status = 429 if pause else 403 if is_wrong else 200
    headers = {"Retry-After": str(pause)} if pause else {}
    return shell_of(request).page(
        request, "reception/sign_in.html", told, status=status, headers=headers
    )


def own_path(path: str) -> str:
    """Return where to go after signing in, "" for anything but a path of ours."""
    is_plain = OWN_PATH.fullmatch(path) and not LEADS_UP.search(path)
    return path if len(path) <= LONGEST and is_plain else ""
