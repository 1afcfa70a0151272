"""访问令牌: what programs come in by; a new one is shown once."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kernel.access.partners import make_sure_of_no_partner
from kernel.access.policy import Role
from kernel.access.principal import Caller
from kernel.access.refused import Refused
from kernel.access.tokens import TokenRow, issue, revoke, tokens
from kernel.database import borrowed
from kernel.reception.accounts_page import Keeper
from kernel.reception.desk import Desk
from kernel.reception.doubts import doubts, unregistered
from kernel.reception.form import Form, form_of
from kernel.reception.granting import choices, chosen
from kernel.reception.refusals import told as in_words
from kernel.reception.words import moment, roles
from kernel.web.shell.shell import shell_of

PATH = "/console/tokens"
MOST_DAYS = 3650
USUAL_DAYS = "365"
FOR_TOKENS = frozenset(Role) - {Role.ADMINISTRATOR, Role.SUBSCRIBER}
"""Nobody keeps accounts by a program; what somebody subscribes to is agreed with a partner."""


def tokens_router(desk: Desk) -> APIRouter:
    """Build the routes of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def show(request: Request, _: Keeper) -> Response:
        """Show all tokens."""
        return await _list(desk, request)

    @router.post(PATH)
    async def issue_one(request: Request, caller: Keeper) -> Response:
        """Issue a token, and show it, the only time."""
        form = await form_of(request)
        try:
            secret = await _issued(desk, caller, form)
        except Refused as refused:
            return await _list(desk, request, form, wrong=in_words(refused))
        return await _list(desk, request, secret=secret, name=form.text("name"))

    @router.post(f"{PATH}/{{token}}/revoke")
    async def revoke_one(request: Request, caller: Keeper, token: str) -> Response:
        """Let nobody in by a token any more."""
        try:
            async with borrowed(desk.pool) as connection:
                await revoke(connection, token, now=desk.clock(), by=caller.acting())
        except Refused as refused:
            return await _list(desk, request, wrong=in_words(refused))
        desk.holders.forget()
        return RedirectResponse(PATH, 303)

    return router


async def _issued(desk: Desk, caller: Caller, form: Form) -> str:
    """Issue what the form says. Raises Refused."""
    days, now = form.text("days"), desk.clock()
    if not (days.isascii() and days.isdigit() and len(days) < 5 and 1 <= int(days) <= MOST_DAYS):
        raise Refused("days-unusable", field="days")
    name, source = form.text("name"), form.text("source") or None
    async with borrowed(desk.pool) as connection, connection.transaction():
        await make_sure_of_no_partner(connection, name, source)
        return await issue(
            connection,
            name=name,
            grants=chosen(form, FOR_TOKENS),
            source=source,
            now=now,
            expires_at=now + timedelta(days=int(days)),
            by=caller.acting(),
        )


async def _list(
    desk: Desk,
    request: Request,
    form: Form | None = None,
    *,
    wrong: Mapping[str, str] | None = None,
    secret: str = "",
    name: str = "",
) -> Response:
    async with borrowed(desk.pool) as connection:
        rows = await tokens(connection)
    now = desk.clock()
    unknown = await unregistered(request, (grant for row in rows for grant in row.grants))
    told = {
        "tokens": [_line(row, now, unknown) for row in rows],
        "choices": choices(FOR_TOKENS),
        "name": name,
        "secret": secret,
        "filled": {
            "name": "" if form is None else form.text("name"),
            "source": "" if form is None else form.text("source"),
            "days": USUAL_DAYS if form is None else form.text("days"),
        },
        "wrong": wrong,
        "now": moment(now),
    }
    status = 422 if wrong else 200
    return shell_of(request).page(request, "reception/tokens.html", told, status=status)


def _line(row: TokenRow, now: datetime, unknown: Collection[str]) -> Mapping[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "roles": roles(row.grants),
        "doubts": doubts(row.grants, unknown),
        "source": row.source or "",
        "issued_at": moment(row.issued_at),
        "expires_at": moment(row.expires_at) or "不过期",
        "revoked_at": moment(row.revoked_at),
        "last_used_at": moment(row.last_used_at),
        "is_over": row.expires_at is not None and row.expires_at <= now,
    }
