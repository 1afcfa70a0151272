"""The three ports of a local stack, and who holds one that is taken."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from deploy.local.leftovers import command_of
from deploy.local.servers import NATS_URL, POSTGRES_URL, Ports
from deploy.refusal import RefusedError

DEFAULT = 8420
LISTENING = "0A"
HIGHEST = 65_533


def ports_from(console: int) -> Ports:
    """Return where our own servers listen beside the console."""
    return Ports(nats=console + 1, postgres=console + 2)


def needed(console: int, environment: Mapping[str, str]) -> dict[int, str]:
    """Return the ports that a stack takes, each with what for."""
    own = {} if environment.get(NATS_URL) else {console + 1: "NATS"}
    own |= {} if environment.get(POSTGRES_URL) else {console + 2: "PostgreSQL"}
    return {console: "控制台"} | own


def make_sure_free(wanted: Mapping[int, str]) -> None:
    """Refuse a port that is taken, or not ours to take.

    Raises RefusedError (`port-taken`, `port-forbidden`).
    """
    for port, purpose in wanted.items():
        try:
            _bind(port)
        except PermissionError as error:
            raise RefusedError(
                "port-forbidden",
                f"没有使用端口 {port}（{purpose}）的权限。",
                "请用 --port 另选一个 1024 以上的端口。",
            ) from error
        except OSError as error:
            raise RefusedError(
                "port-taken",
                f"端口 {port}（{purpose}）已被占用{_by(port)}。",
                "请停止占用者，或用 --port N 另选端口（控制台 N、NATS N+1、PostgreSQL N+2）。",
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
