"""The three ports of a local stack, and who holds one that is taken."""

import os
import socket
from argparse import ArgumentTypeError
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from deploy.local.leftovers import command_of
from deploy.local.postgres import UNPRIVILEGED
from deploy.local.servers import NATS, NATS_URL, POSTGRES, POSTGRES_URL, Ports
from deploy.refusal import RefusedError

DEFAULT = 8420
LISTENING = "0A"
HIGHEST = 65_533
STEP, TRIES = 10, 100
FLOOR = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def ports_from(console: int) -> Ports:
    """Return where our own servers listen beside the console."""
    return Ports(nats=console + 1, postgres=console + 2)


def needed(console: int, environment: Mapping[str, str]) -> dict[int, str]:
    """Return the ports that a stack takes, each with what for."""
    own = {} if environment.get(NATS_URL) else {console + 1: NATS}
    own |= {} if environment.get(POSTGRES_URL) else {console + 2: POSTGRES}
    return {console: "控制台"} | own


def console_port(text: str) -> int:
    """Read the argument --port. Raises ArgumentTypeError."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= HIGHEST:
        return int(text)
    raise ArgumentTypeError(f"应为 1 至 {HIGHEST} 的端口号")


def make_sure_free(wanted: Mapping[int, str]) -> None:
    """Refuse a port that is taken, or not ours to take; name ports that would do.

    Raises RefusedError (`port-taken`, `port-forbidden`).
    """
    for port, purpose in wanted.items():
        try:
            _try(port, purpose)
        except PermissionError as error:
            raise RefusedError(
                "port-forbidden",
                f"没有使用端口 {port}（{purpose}）的权限{_whose(purpose)}。",
                f"请{_otherwise(wanted)}。",
            ) from error
        except OSError as error:
            raise RefusedError(
                "port-taken",
                f"端口 {port}（{purpose}）已被占用{_by(port)}。",
                f"请停止占用者，或{_otherwise(wanted)}。",
            ) from error


def is_free(port: int) -> bool:
    """Tell whether a port could be listened on."""
    try:
        _bind(port)
    except OSError:
        return False
    return True


def held_by(port: int) -> tuple[int, str] | None:
    """Return the process that listens on a port and its command, if the system tells us."""
    inodes = set(_inodes_listening_on(port))
    for pid in (int(each.name) for each in Path("/proc").glob("[0-9]*")) if inodes else ():
        with suppress(OSError):
            for link in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):
                    if str(link.readlink()) in inodes:
                        return pid, command_of(pid)
    return None


def _try(port: int, purpose: str) -> None:
    _bind(port)
    if purpose == POSTGRES and _is_root() and port < _lowest_for_everybody():
        raise PermissionError


def _otherwise(wanted: Mapping[int, str]) -> str:
    """Say which ports of this kind are free."""
    console = min(wanted)
    for other in range(max(console + STEP, DEFAULT), HIGHEST, STEP)[:TRIES]:
        if all(is_free(other + port - console) for port in wanted):
            return f"用 --port {other} 另选端口（NATS 用 {other + 1}，PostgreSQL 用 {other + 2}）"
    return "用 --port N 另选端口（控制台 N，NATS N+1，PostgreSQL N+2）"


def _whose(purpose: str) -> str:
    is_theirs = purpose == POSTGRES and _is_root()
    return f"：PostgreSQL 不能以 root 运行，而用户 {UNPRIVILEGED} 不得使用它" if is_theirs else ""


def _is_root() -> bool:
    return os.geteuid() == 0


def _lowest_for_everybody() -> int:
    with suppress(OSError, ValueError):
        return int(FLOOR.read_text(encoding="ascii"))
    return 0


def _bind(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        probe.listen()


def _by(port: int) -> str:
    holder = held_by(port)
    if holder is None:
        return ""
    pid, command = holder
    return f"：进程 {pid}，{command[:80]}"


def _inodes_listening_on(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    yield f"socket:[{fields[9]}]"
