"""One account as an administrator keeps it: its roles, its password, its end."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kernel.access.account import (
    Command,
    LinkIdentity,
    Resume,
    SetGrants,
    Suspend,
    UnlinkIdentity,
)
from kernel.access.accounts import AccountRow, account, carry_out, set_password
from kernel.access.passwords import generated
from kernel.access.policy import PEOPLE, Right
from kernel.access.principal import Caller, Grant, Principal
from kernel.access.refused import Refused
from kernel.access.sessions import sessions
from kernel.database import borrowed
from kernel.reception.accounts_page import PATH, Keeper, line, show_password
from kernel.reception.desk import Desk
from kernel.reception.doubts import unregistered
from kernel.reception.form import Form, form_of
from kernel.reception.granting import choices, chosen
from kernel.reception.refusals import told as in_words
from kernel.reception.words import moment
from kernel.web.answers import not_found
from kernel.web.shell.shell import shell_of

ONE = f"{PATH}/{{name}}"


def account_router(desk: Desk) -> APIRouter:
    """Build the routes of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get(ONE)
    async def show(request: Request, _: Keeper, name: str) -> Response:
        """Show the account."""
        return await _page(desk, request, name)

    @router.post(f"{ONE}/password")
    async def reset(request: Request, caller: Keeper, name: str) -> Response:
        """Give it another password, and show that, the only time."""
        await _row(desk, name)
        password = generated()
        digest = await desk.passwords.digest(password)
        async with borrowed(desk.pool) as connection:
            await set_password(
                connection, name, digest, is_generated=True, now=desk.clock(), by=caller.acting()
            )
        desk.holders.forget()
        return await show_password(desk, request, name, password, is_new=False)

    for action, read in ACTIONS.items():
        router.post(f"{ONE}/{action}")(_acting(desk, read))
    return router


Read = Callable[[str, Form], Command]


def _acting(desk: Desk, read: Read) -> Callable[..., object]:
    async def act(request: Request, caller: Keeper, name: str) -> Response:
        """Carry out what the form says."""
        await _row(desk, name)
        form = await form_of(request)
        try:
            command = read(name, form)
            _make_sure(caller, command)
            async with borrowed(desk.pool) as connection:
                await carry_out(connection, command, now=desk.clock(), by=caller.acting())
        except Refused as refused:
            return await _page(desk, request, name, in_words(refused))
        desk.holders.forget()
        return RedirectResponse(f"{PATH}/{name}", 303)

    return act


def _linking(name: str, form: Form) -> Command:
    issuer, subject = form.text("issuer"), form.text("subject")
    if not issuer or not subject or len(issuer) > LONGEST or len(subject) > LONGEST:
        raise Refused("identity-unusable", field="subject")
    return LinkIdentity(name=name, issuer=issuer, subject=subject)


ACTIONS: Mapping[str, Read] = {
    "grants": lambda name, form: SetGrants(name=name, grants=chosen(form, PEOPLE)),
    "suspend": lambda name, _: Suspend(name=name),
    "resume": lambda name, _: Resume(name=name),
    "identity": _linking,
    "no-identity": lambda name, _: UnlinkIdentity(name=name),
}
LONGEST = 500


def _make_sure(caller: Caller, command: Command) -> None:
    """Refuse what would shut an administrator out of his own work. Raises Refused."""
    if not caller.principal.has_account or command.name != caller.name:
        return
    match command:
        case Suspend():
            raise Refused("own-account")
        case SetGrants(grants=grants) if not _keeps(grants):
            raise Refused("own-account")


def _keeps(grants: tuple[Grant, ...]) -> bool:
    return Principal(name="", grants=grants).may(Right.KEEP_ACCOUNTS)


async def _row(desk: Desk, name: str) -> AccountRow:
    """Return an account. Raises 404 `not-found`."""
    async with borrowed(desk.pool) as connection:
        row = await account(connection, name) if name.isprintable() else None
    if row is None:
        raise not_found()
    return row


async def _page(
    desk: Desk, request: Request, name: str, wrong: Mapping[str, str] | None = None
) -> Response:
    row = await _row(desk, name)
    async with borrowed(desk.pool) as connection:
        found = await sessions(connection, name, now=desk.clock(), limits=desk.limits)
    told = {
        "account": line(row, await unregistered(request, row.grants)),
        "choices": choices(PEOPLE, row.grants),
        "sessions": [
            {"seen_at": moment(each.seen_at), "address": each.address, "agent": each.agent}
            for each in found
        ],
        "wrong": wrong,
        "elsewhere": desk.elsewhere,
    }
    status = 422 if wrong else 200
    return shell_of(request).page(request, "reception/account.html", told, status=status)
