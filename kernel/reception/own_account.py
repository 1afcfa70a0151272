"""本人账号: who I am here, where I have signed in, and the way out of everywhere."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from kernel.access.accounts import AccountRow, account, digest_of_password
from kernel.access.attempts import SignedOut, note
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.access.sessions import SessionRow, end_all, sessions
from kernel.database import borrowed
from kernel.reception.desk import Desk
from kernel.reception.sign_in import forgetting
from kernel.reception.words import moment, roles
from kernel.web.access import digest_of, needs
from kernel.web.browser import secret_of
from kernel.web.problem import ProblemError
from kernel.web.shell.shell import shell_of
from kernel.web.shell.ways import OWN_ACCOUNT, SIGN_IN

Holder = Annotated[Caller, Depends(needs(Right.KEEP_OWN_ACCOUNT))]


def own_account_router(desk: Desk) -> APIRouter:
    """Build the routes of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get(OWN_ACCOUNT)
    async def show(request: Request, caller: Holder) -> Response:
        """Show the account."""
        name, now = holder_of(caller), desk.clock()
        async with borrowed(desk.pool) as connection:
            row = await account(connection, name)
            found = await sessions(connection, name, now=now, limits=desk.limits)
            has_password = await digest_of_password(connection, name) is not None
        told = {
            "account": _told(row),
            "sessions": [_session(each, request) for each in found],
            "has_password": has_password,
            "is_changed": request.query_params.get("changed") == "1",
        }
        return shell_of(request).page(request, "reception/own_account.html", told)

    @router.post(f"{OWN_ACCOUNT}/sign-out-everywhere")
    async def sign_out_everywhere(request: Request, caller: Holder) -> Response:
        """End all sessions of the account, this one too."""
        name = holder_of(caller)
        async with borrowed(desk.pool) as connection, connection.transaction():
            await end_all(connection, name)
            await note(connection, SignedOut(name=name, everywhere=True), now=desk.clock())
        desk.holders.forget()
        return forgetting(request, RedirectResponse(SIGN_IN, 303))

    return router


def holder_of(caller: Caller) -> str:
    """Return the name of somebody's account. Raises 403 `no-account` for the holder of a token."""
    if caller.principal.has_account:
        return caller.name
    raise ProblemError(
        403,
        "no-account",
        title="没有账号",
        detail="访问令牌没有账号，也没有口令。",
        fix="请用账号登录。",
    )


def _told(row: AccountRow | None) -> dict[str, object]:
    if row is None:
        return {}
    return {
        "name": row.name,
        "title": row.title,
        "roles": roles(row.grants),
        "opened_at": moment(row.opened_at),
        "owes_password": row.owes_password,
        "issuer": row.issuer,
    }


def _session(row: SessionRow, request: Request) -> dict[str, object]:
    return {
        "is_this": digest_of(secret_of(request) or "") == row.digest,
        "opened_at": moment(row.opened_at),
        "seen_at": moment(row.seen_at),
        "address": row.address,
        "agent": row.agent,
    }
