"""Whether the three ports can be had, or are held by the stack that should hold them."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from deploy.doctor.finding import Finding, broken, poor, well
from deploy.local.phase import Phase, course, lost
from deploy.local.ports import is_free, make_sure_free, needed
from deploy.local.servers import NATS, POSTGRES
from deploy.local.stack import Stack, announced
from deploy.refusal import RefusedError

CHECK, NAME = "ports", "端口"
HERE = "127.0.0.1"


def ports(folder: Path, console: int, environment: Mapping[str, str]) -> Finding:
    """Look at the ports of the stack on a folder; without one, at those that it would take."""
    found, stack = course(folder), announced(folder)
    if stack is not None:
        return held(stack)
    if found.phase is Phase.LOST:
        error = lost(folder, found.pid)
        return broken(CHECK, NAME, error.message, error.fix)
    if found.phase is not Phase.NONE:
        words = f"平台正在启动或停止（进程 {found.pid}），尚不能核对。"
        return poor(CHECK, NAME, words, "请稍候重新执行。")
    return obtainable(needed(console, environment))


def obtainable(wanted: Mapping[int, str]) -> Finding:
    """Look whether nobody holds these ports, and whether they are ours to take."""
    try:
        make_sure_free(wanted)
    except RefusedError as error:
        return broken(CHECK, NAME, error.message, f"{error.fix}doctor 也用同一个 --port 核对。")
    return well(CHECK, NAME, _listed(wanted))


def held(stack: Stack) -> Finding:
    """Look whether somebody listens where a running stack says that it does."""
    urls = {"控制台": stack.console, NATS: stack.nats_url, POSTGRES: stack.postgres_url}
    parts = {purpose: urlsplit(url) for purpose, url in urls.items()}
    own = {each.port: purpose for purpose, each in parts.items() if each.hostname == HERE}
    known = {port: purpose for port, purpose in own.items() if port}
    silent = {port: purpose for port, purpose in known.items() if is_free(port)}
    if silent:
        words = f"平台在运行（进程 {stack.pid}），但无人在这些端口上应答：{_listed(silent)}。"
        return broken(CHECK, NAME, words, "请执行 xiaoneng stop 停止，再重新启动。")
    return well(CHECK, NAME, f"{_listed(known)}，由运行中的平台使用")


def _listed(ports: Mapping[int, str]) -> str:
    return "、".join(f"{port}（{purpose}）" for port, purpose in ports.items())
