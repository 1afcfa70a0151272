"""An access token (访问令牌) of a machine or a program: issued once, revoked once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from kernel.access.granting import make_sure_of_units
from kernel.access.policy import Role
from kernel.access.principal import Grant
from kernel.access.refused import Refused
from kernel.decider import Decider

LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueToken:
    """Let whoever shows a token do what the grants say, until it expires; None is never.

    `digest` is the sha256 (hexadecimal) of the token, which nobody keeps. `at` is now.
    """

    id: str
    name: str
    grants: tuple[Grant, ...]
    source: str | None
    digest: str
    expires_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeToken:
    """Let nobody in by a token any more."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued:
    """A token was given to somebody; the digest of 256 random bits tells nothing of them."""

    id: str
    name: str
    grants: tuple[Grant, ...]
    source: str | None
    digest: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    """A token opens nothing any more."""

    id: str


Command = IssueToken | RevokeToken
Event = TokenIssued | TokenRevoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody ever issued it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """It opens what it was issued for, until it expires."""

    issued: TokenIssued


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """It opens nothing."""


State = Unknown | InForce | Revoked


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `token-unknown`, `token-exists`, `name-unusable`, `no-role`, `unit-needed`,
    `unit-useless`, `source-needed` (of who publishes), `expires-in-the-past`.
    """
    match command:
        case IssueToken():
            return _issue(command, state)
        case RevokeToken():
            return _revoke(command, state)
        case _:
            assert_never(command)


def evolve(_: State, event: Event) -> State:
    """Return what a token is after an event."""
    match event:
        case TokenIssued():
            return InForce(issued=event)
        case TokenRevoked():
            return Revoked()
        case _:
            assert_never(event)


TOKEN: Decider[Command, Event, State] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def _issue(command: IssueToken, state: State) -> Sequence[Event]:
    issued = TokenIssued(
        id=command.id,
        name=command.name,
        grants=command.grants,
        source=command.source,
        digest=command.digest,
        expires_at=command.expires_at,
    )
    match state:
        case InForce(issued=before) if before == issued:
            return []
        case InForce() | Revoked():
            raise Refused("token-exists", field="name")
        case Unknown():
            _make_sure(command)
            return [issued]
        case _:
            assert_never(state)


def _make_sure(command: IssueToken) -> None:
    name, roles = command.name, {grant.role for grant in command.grants}
    if not name.strip() or name != name.strip() or len(name) > LONGEST or not name.isprintable():
        raise Refused("name-unusable", field="name")
    if not roles:
        raise Refused("no-role", field="role")
    make_sure_of_units(command.grants)
    if Role.PUBLISHER in roles and not command.source:
        raise Refused("source-needed", field="source")
    if command.expires_at is not None and command.expires_at <= command.at:
        raise Refused("expires-in-the-past", field="expires_at")


def _revoke(command: RevokeToken, state: State) -> Sequence[Event]:
    match state:
        case Unknown():
            raise Refused("token-unknown", field="name")
        case InForce():
            return [TokenRevoked(id=command.id)]
        case Revoked():
            return []
        case _:
            assert_never(state)
