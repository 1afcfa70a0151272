"""An account (账号) of an official: opened, given roles, kept safe by a password, suspended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from kernel.access.granting import make_sure_of_units
from kernel.access.policy import PEOPLE
from kernel.access.principal import Grant
from kernel.access.refused import Refused
from kernel.decider import Decider

NAME = re.compile(r"[a-z][a-z0-9._-]{1,49}")
"""What somebody types to sign in; case does not count, so that there is only one."""

LONGEST_TITLE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """Let an official sign in once he has a password; `title` is what people call him."""

    name: str
    title: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGrants:
    """Let somebody have these roles and no others."""

    name: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """Give an account another password; one that `is_generated` has to be changed at first use."""

    name: str
    is_generated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkIdentity:
    """Let somebody sign in as an issuer of OpenID Connect knows him."""

    name: str
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkIdentity:
    """Let nobody in any more as an issuer of OpenID Connect knows him."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend:
    """Let nobody in by an account until it is resumed."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Let an official in again."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened:
    """An official has an account."""

    name: str
    title: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted:
    """He acts in one more role."""

    name: str
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWithdrawn:
    """He acts in a role no more."""

    name: str
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet:
    """There is another password, of which the record holds nothing."""

    name: str
    is_generated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLinked:
    """Somebody whom an issuer knows is the holder of the account."""

    name: str
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUnlinked:
    """Whom that issuer knows is the holder of the account no more."""

    name: str
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """Nobody comes in by the account."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """Its holder comes in again."""

    name: str


Command = OpenAccount | SetGrants | SetPassword | LinkIdentity | UnlinkIdentity | Suspend | Resume
Event = (
    AccountOpened
    | RoleGranted
    | RoleWithdrawn
    | PasswordSet
    | IdentityLinked
    | IdentityUnlinked
    | Suspended
    | Resumed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever opened it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """It is there, with the roles of its holder, and who he is elsewhere."""

    opened: AccountOpened
    grants: tuple[Grant, ...]
    identity: tuple[str, str] | None = None
    is_suspended: bool = False


State = Unknown | Account


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `account-unknown`, `account-exists` (with other content), `name-unusable`,
    `title-unusable`, `role-of-machines`, `unit-needed`, `unit-useless`, `identity-missing`.
    """
    if isinstance(command, OpenAccount):
        return _open(command, state)
    if isinstance(state, Unknown):
        raise Refused("account-unknown", field="name")
    name = command.name
    match command:
        case SetGrants(grants=grants):
            return _set_grants(name, grants, state)
        case SetPassword(is_generated=is_generated):
            return [PasswordSet(name=name, is_generated=is_generated)]
        case LinkIdentity(issuer=issuer, subject=subject):
            linked = IdentityLinked(name=name, issuer=issuer, subject=subject)
            return [] if state.identity == (issuer, subject) else [linked]
        case UnlinkIdentity():
            if state.identity is None:
                raise Refused("identity-missing", field="subject")
            issuer, subject = state.identity
            return [IdentityUnlinked(name=name, issuer=issuer, subject=subject)]
        case Suspend():
            return [] if state.is_suspended else [Suspended(name=name)]
        case Resume():
            return [Resumed(name=name)] if state.is_suspended else []
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what an account is after an event."""
    if isinstance(event, AccountOpened):
        return Account(opened=event, grants=event.grants)
    if isinstance(state, Unknown):
        return state
    match event:
        case RoleGranted(grant=grant):
            return replace(state, grants=(*state.grants, grant))
        case RoleWithdrawn(grant=grant):
            return replace(state, grants=tuple(g for g in state.grants if g != grant))
        case IdentityLinked(issuer=issuer, subject=subject):
            return replace(state, identity=(issuer, subject))
        case IdentityUnlinked():
            return replace(state, identity=None)
        case Suspended():
            return replace(state, is_suspended=True)
        case Resumed():
            return replace(state, is_suspended=False)
        case PasswordSet():
            return state
        case _:
            assert_never(event)


ACCOUNT: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _open(command: OpenAccount, state: State) -> Sequence[Event]:
    grants = _sound(command.grants)
    wish = AccountOpened(name=command.name, title=command.title, grants=grants)
    if isinstance(state, Account):
        if state.opened == wish:
            return []
        raise Refused("account-exists", field="name")
    if NAME.fullmatch(command.name) is None:
        raise Refused("name-unusable", field="name")
    title = command.title
    if not title or title != title.strip() or len(title) > LONGEST_TITLE or not title.isprintable():
        raise Refused("title-unusable", field="title")
    return [wish]


def _set_grants(name: str, wanted: tuple[Grant, ...], state: Account) -> Sequence[Event]:
    grants = _sound(wanted)
    return [
        *(RoleWithdrawn(name=name, grant=each) for each in state.grants if each not in grants),
        *(RoleGranted(name=name, grant=each) for each in grants if each not in state.grants),
    ]


def _sound(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Return each once, in the order of the roles. Raises Refused."""
    if any(each.role not in PEOPLE for each in grants):
        raise Refused("role-of-machines", field="role")
    make_sure_of_units(grants)
    return tuple(sorted(set(grants), key=lambda each: (each.role.value, each.unit or "")))
