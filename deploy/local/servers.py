"""The two servers: those given by URL first, those of a running stack next, else our own."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.nats import NatsFailedError, User, nats
from deploy.local.postgres import PostgresFailedError, postgres
from deploy.local.stack import Stack, announced
from deploy.refusal import RefusedError

POSTGRES_URL = "XIAONENG_POSTGRES_URL"
NATS_URL = "XIAONENG_NATS_URL"
CONNECT_SECONDS = 2


@contextmanager
def postgres_server(
    folder: Path, environment: Mapping[str, str], *, creates: bool = True
) -> Iterator[str]:
    """Find or run PostgreSQL for the length of the block, and return an administrator's URL.

    What we run keeps its data in `folder`; without `creates` there must be some. Raises
    RefusedError (`no-server`, `server-failed`).
    """
    if url := environment.get(POSTGRES_URL):
        yield url
    elif stack := _running(folder):
        yield stack.postgres_url
    elif not creates and not (folder / "postgres" / "data").exists():
        raise RefusedError(
            "no-server",
            f"没有设置 {POSTGRES_URL}，{folder} 中也没有数据。",
            f"请设置 {POSTGRES_URL}，或用 --data 指定数据目录。",
        )
    else:
        _let_through(folder)
        with _started("PostgreSQL"), postgres(folder / "postgres") as server:
            yield server.url()


@contextmanager
def nats_server(
    folder: Path, users: Sequence[User], environment: Mapping[str, str]
) -> Iterator[str]:
    """Find or run NATS for the length of the block, and return an administrator's URL.

    `users` are those of a server that we run, the administrator first. Raises RefusedError
    (`server-failed`).
    """
    if url := environment.get(NATS_URL):
        yield url
    elif stack := _running(folder):
        yield stack.nats_url
    else:
        _let_through(folder)
        (folder / "nats").mkdir(mode=0o700, exist_ok=True)  # what it keeps is readable by all
        with _started("NATS"), nats(folder / "nats", users) as server:
            yield server.url(users[0])


@contextmanager
def _started(name: str) -> Iterator[None]:
    try:
        yield
    except (PostgresFailedError, NatsFailedError) as error:
        raise RefusedError(
            "server-failed", f"{name} 没有启动：{error}。", "请按上述原因处理后重新执行。"
        ) from error


def _running(folder: Path) -> Stack | None:
    """Return the stack that works on these data; two servers must never share them."""
    stack = announced(folder)
    if stack is not None and (_listens(stack.postgres_url) or _listens(stack.nats_url)):
        return stack
    return None


def _let_through(folder: Path) -> None:
    """Let the user that PostgreSQL runs as, if we are root, through to its own folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() == 0:
        folder.chmod(folder.stat().st_mode | 0o011)


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
