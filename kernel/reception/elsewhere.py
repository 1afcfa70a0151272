"""Signing in by a provider that knows the officials of the city."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from kernel.access.accounts import held_by
from kernel.access.attempts import SignInFailed, note
from kernel.database import borrowed
from kernel.reception.desk import Desk
from kernel.reception.letting_in import Admitted, Visitor, admit
from kernel.reception.oidc import Oidc, Provider
from kernel.reception.oidc_problems import unknown_identity
from kernel.reception.sign_in import let_in, visitor_of
from kernel.web.shell.ways import COME_BACK, SIGN_IN_ELSEWHERE


def elsewhere_router(desk: Desk, provider: Provider) -> APIRouter:
    """Build the routes of the way there and back; strangers are let in."""
    router = APIRouter(include_in_schema=False)

    async def enter(request: Request, issuer: str, subject: str, then: str) -> Response:
        visitor = visitor_of(request)
        found = await _admitted(desk, visitor, issuer, subject)
        if found is None:
            raise unknown_identity(issuer, subject)
        return await let_in(desk, request, found.account, found.secret, then)

    oidc = Oidc(provider, enter)
    router.get(SIGN_IN_ELSEWHERE)(oidc.leave)
    router.get(COME_BACK)(oidc.come_back)
    return router


async def _admitted(desk: Desk, visitor: Visitor, issuer: str, subject: str) -> Admitted | None:
    """Let somebody in whom the issuer has named; None if he has no account, or it is suspended."""
    async with borrowed(desk.pool) as connection, connection.transaction():
        found = await held_by(connection, issuer, subject)
        if found is None or found.is_suspended:
            name = None if found is None else found.name
            failed = SignInFailed(name=name, address=visitor.address, how="oidc")
            await note(connection, failed, now=desk.clock())
            return None
        secret = await admit(connection, desk, found, visitor, how="oidc")
        # who comes this way has no use for the password that was made for him
        return Admitted(account=replace(found, owes_password=False), secret=secret)
