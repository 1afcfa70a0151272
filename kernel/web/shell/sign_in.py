"""Signing in with a token, until there are accounts: the cookie holds it, no script can read it."""

import re
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kernel.web.access import COOKIE, Keyring, make_sure_of_origin, public_url
from kernel.web.shell.problems import SIGN_IN
from kernel.web.shell.shell import shell_of

OWN_PATH = re.compile(r"/(?:[A-Za-z0-9_\-.~%?&=+][A-Za-z0-9_\-.~%?&=+/]*)?")
"""A path of ours; // or /\\ would lead a browser to another host."""
LONGEST = 2000


async def show(request: Request) -> Response:
    """Show the form."""
    return _form(request, request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    """Take a token; a wrong one is told on the form."""
    make_sure_of_origin(request)
    form = parse_qs((await request.body()).decode(errors="replace"))
    token = form.get("token", [""])[0].strip()
    then = form.get("next", [""])[0]
    keyring: Keyring = request.app.state.keyring
    holder = await keyring.holder(token) if token else None
    home = None if holder is None else shell_of(request).home(holder)
    if home is None:
        return _form(request, then, is_wrong=True)
    answer = RedirectResponse(_own(then) or home, 303)
    is_secure = (public_url(request) or str(request.url)).startswith("https:")
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=is_secure)
    return answer


async def sign_out(request: Request) -> Response:
    """Forget the token."""
    make_sure_of_origin(request)
    answer = RedirectResponse(SIGN_IN, 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def _form(request: Request, then: str, *, is_wrong: bool = False) -> Response:
    told = {"then": _own(then), "is_wrong": is_wrong}
    status = 403 if is_wrong else 200
    return shell_of(request).page(request, "shell/sign_in.html", told, status=status)


def _own(path: str) -> str:
    """Return where to go after signing in, "" for anything but a path of ours."""
    return path if len(path) <= LONGEST and OWN_PATH.fullmatch(path) else ""
