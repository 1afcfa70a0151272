"""`xiaoneng up`: start everything on this machine, and say where it is."""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from deploy.account.accounts import Opened, first
from deploy.block import block
from deploy.local.health import Health, health
from deploy.local.phase import Phase, course, lost
from deploy.local.ports import DEFAULT, console_port
from deploy.local.stack import Stack, announced
from deploy.site import add_data, completed, site_of
from deploy.up.background import WITHOUT_ACCOUNTS, Failed, start_in_background
from deploy.up.connectors import connectors_of
from deploy.up.foreground import Start, run_in_foreground
from deploy.up.told import Told, ToldToStop, heeded
from kernel.reception.words import roles

NEXT = "xiaoneng status 查看状态，xiaoneng stop 停止"
NEXT_HERE = "在浏览器中打开控制台；按 Ctrl-C 停止"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--demo", action="store_true", help="同时运行一座模拟的城市（演示数据）")
    parser.add_argument(
        "--port",
        type=console_port,
        default=DEFAULT,
        metavar="N",
        help=f"控制台的端口，默认 {DEFAULT}；NATS 用 N+1，PostgreSQL 用 N+2",
    )
    parser.add_argument(WITHOUT_ACCOUNTS, action="store_true", help=SUPPRESS)
    parser.add_argument(
        "--connect",
        type=Path,
        metavar="FILE",
        help="连接器配置（YAML），默认取 XIAONENG_CONNECTORS；见 docs/guides/connect.md",
    )
    parser.add_argument("--background", action="store_true", help="在后台运行；用 stop 停止")
    add_data(parser)


def run(arguments: Namespace, clock: Callable[[], datetime]) -> int:
    """Carry the command out: 0 once it was told to stop, or is there already; 130 for Ctrl-C.

    1 if it came to an end by itself. Raises RefusedError and BadConnectorsError.
    """
    try:
        with heeded() as told:
            return _run(arguments, clock, told)
    except ToldToStop as ended:
        return ended.code


def _run(arguments: Namespace, clock: Callable[[], datetime], told: Told) -> int:
    site = site_of(arguments)
    if (stack := announced(site.data)) is not None:
        print(f"已在运行（进程 {stack.pid}）。")
        _tell(site.data, stack, health(stack.console), NEXT)
        return 0
    if (found := course(site.data)).phase is Phase.LOST:
        raise lost(site.data, found.pid)
    connectors = connectors_of(arguments.connect, site.environment)
    if arguments.background:
        started = start_in_background(
            site, arguments.port, told, demo=arguments.demo, connectors=connectors
        )
        if isinstance(started, Failed):
            print(started.said, file=sys.stderr, end="")
            return started.code
        print(f"已在后台运行（进程 {started.stack.pid}）。")
        stack = started.stack
        mine = completed(first(stack.postgres_url, is_demo=stack.is_demo, now=clock()))
        _tell(site.data, stack, started.health, NEXT, mine)
        return 0 if started.health.is_ready else 1
    start = Start(
        site=site,
        port=arguments.port,
        demo=arguments.demo,
        clock=clock,
        out=sys.stdout,
        told=told,
        opens_accounts=not arguments.without_accounts,
        connectors=connectors,
    )

    def welcome(stack: Stack, found: Health, mine: Sequence[Opened]) -> None:
        _tell(site.data, stack, found, NEXT_HERE, mine)

    ended = run_in_foreground(start, welcome)
    if isinstance(ended, int):
        print("已停止，数据保留。")
        return ended
    print(f"xiaoneng：stack-failed：{_words(ended)}。已停止，数据保留。", file=sys.stderr)
    return 1


def _tell(
    folder: Path, stack: Stack, found: Health, then: str, mine: Sequence[Opened] = ()
) -> None:
    accounts = [f"{each.name}  {each.password}  {roles(each.grants)}" for each in mine]
    print(f"\n{block(stack, folder, then=then, accounts=accounts)}\n", flush=True)
    if mine:
        print(
            "  口令只显示这一次，首次登录后须修改；忘记了用 xiaoneng account reset NAME。\n",
            flush=True,
        )
    for code, message in found.problems.items():
        print(f"  尚未就绪：{code}：{message}", flush=True)
    if not found.answers:
        print("  尚未就绪：控制台没有回答。", flush=True)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
