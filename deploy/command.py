"""The `xiaoneng` command: the one door to everything that runs on this machine."""

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from deploy.arguments import Parser
from deploy.block import shown
from deploy.refusal import RefusedError
from deploy.up.told import heeded
from services.electronic_supervision.log.refusal import BadInputError, visible


@dataclass(frozen=True, slots=True)
class Command:
    """What a command is for, and the module that carries it out, imported once it is asked for.

    `of` ends the names of its functions where a module has several commands. One that `lives` is
    handed the clock instead of an instant.
    """

    summary: str
    module: str
    of: str = ""
    lives: bool = False

    def add_arguments(self, parser: Parser) -> None:
        """Declare what the command takes."""
        self._named("add{}_arguments")(parser)

    def run(self, arguments: Namespace) -> int | None:
        """Carry the command out at an aware instant, or by the clock."""
        code: int | None = self._named("run{}")(arguments, clock if self.lives else clock())
        return code

    def _named(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(import_module(self.module), name.format(self.of))
        return function


COMMANDS = {
    "up": Command("启动：PostgreSQL、NATS、各服务和控制台", "deploy.up.command", lives=True),
    "status": Command("状态：什么在运行，是否就绪", "deploy.status.command"),
    "stop": Command("停止：结束正在运行的平台，数据保留", "deploy.stop.command"),
    "reset": Command("清空：停止并删除数据目录中的一切", "deploy.reset.command"),
    "doctor": Command("体检：逐项检查本机能否运行，并说明如何处理", "deploy.doctor.command"),
    "audit": Command(
        "离线核查：用本平台的引擎判定另一系统的办件日志",
        "services.electronic_supervision.audit.command",
    ),
    "play": Command(
        "回放：把另一系统的办件日志报送到运行中的平台", "deploy.play.command", lives=True
    ),
    "rules": Command("规则：核对、测试、列出监察规则", "deploy.rules.command"),
    "rehearse": Command(
        "预演：用历史办件比对规则、日历或事项变更前后的结论", "deploy.rehearse.command"
    ),
    "account": Command("账号：开立、重置口令、列出", "deploy.account.command"),
    "partner": Command(
        "伙伴：接入、更换钥匙、停用其他系统，约定其报送和订阅", "deploy.partner.command"
    ),
    "provision": Command(
        "开通：在 PostgreSQL 和 NATS 上建立各服务所需的一切，可反复执行", "deploy.provision.command"
    ),
    "verify": Command("核验：逐条检查各服务的记录是否被改动、删除或重写", "deploy.verify.command"),
    "backup": Command(
        "备份：把各服务的记录按同一时刻写入一个新目录", "deploy.backup.command", "_backup"
    ),
    "restore": Command(
        "恢复：由备份取回各服务的记录，要么全部，要么不动", "deploy.backup.command", "_restore"
    ),
    "rebuild": Command("重建：由记录重新生成服务的查询表", "deploy.rebuild.command"),
    "epoch": Command("纪元：恢复较早的备份后，让服务以新的来源继续发布", "deploy.epoch.command"),
}


def clock() -> datetime:
    """Read the clock of this machine (UTC)."""
    return datetime.now(tz=UTC)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 done, 1 something is not as it should be, 2 for what can't be used or written, 130 for Ctrl-C.
    """
    try:
        with heeded([signal.SIGINT]) as told:  # while it imports, exceptions get lost
            arguments = _parsed(sys.argv[1:] if argv is None else argv)
        if told.code is not None:
            return told.code
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding="utf-8")
        code = COMMANDS[arguments.command].run(arguments)
        sys.stdout.flush()
    except BadInputError as refused:
        print(_refusal(refused), file=sys.stderr)
        return 2
    except RefusedError as refused:
        print(shown(f"xiaoneng：{refused.code}：{refused.message}{refused.fix}"), file=sys.stderr)
        for line in refused.details():
            print(shown(f"  {line}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _output_lost(error)
    return code or 0


def _parsed(argv: Sequence[str]) -> Namespace:
    """Parse the arguments; only the command that is asked for is imported."""
    parser = Parser(prog="xiaoneng", description="效能：机关效能建设平台")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    asked = next((each for each in argv if not each.startswith("-")), None)
    for name, each in COMMANDS.items():
        sub = commands.add_parser(name, help=each.summary, description=each.summary)
        if name == asked:
            each.add_arguments(sub)
    return parser.parse_args(argv)


def _output_lost(error: OSError) -> int:
    """Answer for an output that takes no more: quietly if its reader left, as `head` does."""
    # else the interpreter would try to flush the rest, and fail again, on its way out
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 141
    print(f"xiaoneng：output-failed：不能写出结果：{error.strerror}。", file=sys.stderr)
    return 2


def _refusal(refused: BadInputError) -> str:
    line = None if refused.line is None else f"第 {refused.line} 行"
    places = [place for place in (refused.field, line) if place]
    where = f"（{'，'.join(places)}）" if places else ""
    return visible(f"xiaoneng：{refused.code}{where}：{refused.message}")


if __name__ == "__main__":
    sys.exit(main())
