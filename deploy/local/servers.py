"""The two servers: those given by URL first, those of a running stack next, else our own."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.nats import User, nats
from deploy.local.postgres import postgres
from deploy.local.stack import announced
from deploy.refusal import RefusedError

POSTGRES_URL = "XIAONENG_POSTGRES_URL"
NATS_URL = "XIAONENG_NATS_URL"
CONNECT_SECONDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The administrator's URLs; they hold passwords. `is_nats_ours` if we give it its users."""

    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)
    is_nats_ours: bool


@contextmanager
def servers(
    folder: Path,
    users: Sequence[User],
    environment: Mapping[str, str],
    *,
    creates: bool = True,
) -> Iterator[Servers]:
    """Find or run both servers for the length of the block.

    `users` are those of a NATS server that we run, the administrator first. What we run keeps its
    data in `folder`; without `creates` there must be some. Raises RefusedError (`no-server`),
    PostgresFailedError and NatsFailedError.
    """
    postgres_url, nats_url = environment.get(POSTGRES_URL), environment.get(NATS_URL)
    running = announced(folder)
    if running and (_listens(running.postgres_url) or _listens(running.nats_url)):
        postgres_url = postgres_url or running.postgres_url
        ours = nats_url is None
        nats_url = nats_url or running.nats_url
        yield Servers(postgres_url=postgres_url, nats_url=nats_url, is_nats_ours=ours)
        return
    if not creates and not postgres_url and not (folder / "postgres").exists():
        raise RefusedError(
            "no-server",
            f"没有给出 {POSTGRES_URL}，{folder} 中也没有数据。",
            f"请设置 {POSTGRES_URL} 和 {NATS_URL}，或用 --data 指定数据目录。",
        )
    with ExitStack() as started:
        ours = nats_url is None
        if postgres_url is None:
            _let_through(folder)
            postgres_url = started.enter_context(postgres(folder / "postgres")).url()
        if nats_url is None:
            nats_url = started.enter_context(nats(folder / "nats", users)).url(users[0])
        yield Servers(postgres_url=postgres_url, nats_url=nats_url, is_nats_ours=ours)


def _let_through(folder: Path) -> None:
    """Let the user that PostgreSQL runs as, if we are root, through to its own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        folder.chmod(folder.stat().st_mode | 0o011)


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
