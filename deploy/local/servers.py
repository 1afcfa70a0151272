"""The two servers: those given by URL first, those of a running stack next, else our own."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.accounts import User
from deploy.local.folder import is_ours
from deploy.local.leftovers import stop_leftovers
from deploy.local.nats import NatsFailedError, nats
from deploy.local.occupation import occupied
from deploy.local.postgres import UNPRIVILEGED, PostgresFailedError, postgres
from deploy.local.stack import Stack, announced
from deploy.refusal import RefusedError

POSTGRES_URL = "XIAONENG_POSTGRES_URL"
NATS_URL = "XIAONENG_NATS_URL"
POSTGRES, NATS = "PostgreSQL", "NATS"

Users = Callable[[str], Sequence[User]]
"""From an administrator's URL of PostgreSQL to the users of a bus of ours, administrator first."""


class ServerFailedError(RefusedError):
    """A server of ours did not start; its last words are told line by line."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__("server-failed", f"{name} 没有启动。", "请按它的日志处理后重新执行：")
        self._said = said

    def details(self) -> Sequence[str]:
        """Return what its log says of this start."""
        return self._said.splitlines()


@dataclass(frozen=True, slots=True)
class Child:
    """A server that we run, and where its log is."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """An administrator's URLs, that of NATS "" where it was not asked for; what of them is ours."""

    postgres_url: str = field(repr=False)
    nats_url: str = field(default="", repr=False)
    children: Sequence[Child] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where our own servers listen; none takes a free one."""

    nats: int | None = None
    postgres: int | None = None


FREE = Ports()


@contextmanager
def servers(
    folder: Path,
    environment: Mapping[str, str],
    *,
    users: Users | None,
    creates: bool = True,
    command: str = "",
) -> Iterator[Servers]:
    """Find or run PostgreSQL, and with `users` NATS, for the length of the block.

    What we run keeps its data in `folder`; without `creates` there must be some. Raises
    RefusedError (`no-server`, `server-failed`, `not-ours`, `data-in-use`, `data-unwritable`,
    `data-unreachable`).
    """
    given = _given(environment)
    if given.postgres_url and (users is None or given.nats_url):
        yield given
    elif stack := announced(folder):
        yield _of(stack, given)
    elif not creates and not _holds(folder, given):
        variable = NATS_URL if given.postgres_url else POSTGRES_URL
        raise RefusedError(
            "no-server",
            f"没有设置 {variable}，{folder} 中也没有本平台的数据。",
            f"请设置 {variable}，或用 --data 指定数据目录。",
        )
    else:
        with occupied(folder, command), own_servers(folder, environment, users=users) as running:
            yield running


@contextmanager
def own_servers(
    folder: Path,
    environment: Mapping[str, str],
    *,
    users: Users | None,
    ports: Ports = FREE,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Servers]:
    """Run what is not given by URL, on a folder that the caller occupies. Raises RefusedError.

    `pause` sleeps between looks (seconds); whatever it raises ends the wait.
    """
    stop_leftovers(folder)
    given, children = _given(environment), []
    with ExitStack() as running:
        url, bus = given.postgres_url, given.nats_url
        if not url:
            _let_through(folder)
            with _starting(POSTGRES):
                server = running.enter_context(
                    postgres(folder / "postgres", ports.postgres, pause=pause)
                )
            url = server.url()
            children.append((POSTGRES, server.process, folder / "postgres" / "postgres.log"))
        if users is not None and not bus:
            (folder / "nats").mkdir(mode=0o700, exist_ok=True)  # what it keeps is readable by all
            known = users(url)
            with _starting(NATS):
                carrier = running.enter_context(
                    nats(folder / "nats", known, port=ports.nats or -1, pause=pause)
                )
            bus = carrier.url(known[0])
            children.append((NATS, carrier.process, folder / "nats" / "nats.log"))
        yield Servers(
            postgres_url=url,
            nats_url=bus,
            children=[Child(name, process, log) for name, process, log in children if process],
        )


def unreachable_for_database(folder: Path) -> Path | None:
    """Return the folder on the way that keeps the user out whom PostgreSQL runs as, if any."""
    if os.geteuid() != 0:
        return None
    way = (each for each in folder.absolute().parents if each.exists())
    return next((each for each in way if not each.stat().st_mode & 0o001), None)


def _given(environment: Mapping[str, str]) -> Servers:
    return Servers(
        postgres_url=environment.get(POSTGRES_URL, ""), nats_url=environment.get(NATS_URL, "")
    )


def _holds(folder: Path, given: Servers) -> bool:
    """Tell whether a folder is ours and holds what is not given by URL."""
    return is_ours(folder) and bool(given.postgres_url or (folder / "postgres" / "data").exists())


def _of(stack: Stack, given: Servers) -> Servers:
    return Servers(
        postgres_url=given.postgres_url or stack.postgres_url,
        nats_url=given.nats_url or stack.nats_url,
    )


@contextmanager
def _starting(name: str) -> Iterator[None]:
    try:
        yield
    except (PostgresFailedError, NatsFailedError) as error:
        raise ServerFailedError(name, str(error)) from error


def _let_through(folder: Path) -> None:
    """Let the user that PostgreSQL runs as, if we are root, through to its own folder."""
    if (closed := unreachable_for_database(folder)) is not None:
        raise RefusedError(
            "data-unreachable",
            f"PostgreSQL 不能以 root 运行，而用户 {UNPRIVILEGED} 进不了 {closed}。",
            "请换一个普通用户执行，或用 --data 指定别处的目录，如 /var/lib/xiaoneng。",
        )
    if os.geteuid() == 0:
        folder.chmod(folder.stat().st_mode | 0o011)
