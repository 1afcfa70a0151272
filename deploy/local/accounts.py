"""The accounts of a NATS server: ours, and one for each guest, from where no reply reaches ours.

What JetStream answers goes wherever the question says, past the permissions of whoever asked. In an
account of his own a guest says where in that account: it holds nothing but himself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.subjects import city_all, ours_all

OURS = "XIAONENG"
"""Where the services and the streams are."""

INBOX = "_INBOX_"

NEXT, ACK = "$JS.API.CONSUMER.MSG.NEXT.{}", "$JS.ACK.{}.>"
TO_PULL = (NEXT, ACK)
"""What it takes to pull from a consumer `<stream>.<name>`.

Its INFO is not among it: the system account answers that, which after a reload finds no JetStream
in the account of whoever asks (2.15).
"""

ANY = "*.*"
EXPORTS: Sequence[Mapping[str, str]] = (
    {"service": city_all()},
    {"service": NEXT.format(ANY), "response": "stream"},
    {"service": ACK.format(ANY)},
    {"stream": ours_all()},
)
"""What guests may be granted of ours; each imports what he was granted, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who may connect, and which subjects they may publish to and subscribe to.

    With an `nkey`, a public key, he shows that he holds its seed, and has no password. A guest has
    an `account` of his own.
    """

    name: str
    password: str = field(default="", repr=False)
    publish: Sequence[str]
    subscribe: Sequence[str]
    nkey: str = ""
    account: str = OURS


def accounts(users: Iterable[User]) -> Mapping[str, Mapping[str, object]]:
    """Return the section of a server's configuration that lets these users in, by account."""
    known: dict[str, list[User]] = {OURS: []}
    for user in users:
        known.setdefault(user.account, []).append(user)
    return {name: ours(those) if name == OURS else guests(those) for name, those in known.items()}


def ours(users: Sequence[User]) -> Mapping[str, object]:
    """Return the account that the streams are in."""
    return {"jetstream": "enabled", "users": _listed(users), "exports": EXPORTS}


def guests(users: Sequence[User]) -> Mapping[str, object]:
    """Return an account with its users, and with nothing but what they may say and hear."""
    imports = [_import(kind, each) for user in users for kind, each in imported(user)]
    return {"users": _listed(users), "imports": imports}


def imported(user: User) -> list[tuple[str, str]]:
    """Return what the account of a guest needs of ours: `service` or `stream`, and the subject."""
    heard = [each for each in user.subscribe if not each.startswith(INBOX)]
    return [*(("service", each) for each in user.publish), *(("stream", each) for each in heard)]


def _import(kind: str, subject: str) -> Mapping[str, object]:
    return {kind: {"account": OURS, "subject": subject}}


def _listed(users: Sequence[User]) -> list[Mapping[str, object]]:
    return [
        {
            **(
                {"nkey": user.nkey} if user.nkey else {"user": user.name, "password": user.password}
            ),
            "permissions": {
                "publish": _granted(user.publish),
                "subscribe": _granted(user.subscribe),
            },
        }
        for user in users
    ]


def _granted(subjects: Sequence[str]) -> Mapping[str, object]:
    # an empty list of what is allowed would allow everything
    return {"allow": list(subjects)} if subjects else {"deny": [">"]}
