"""The `xiaoneng` command: the one door to everything that runs on this machine."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper

from deploy.admit import command as admit
from deploy.backup import command as backup
from deploy.demo import command as demo
from deploy.epoch import command as epoch
from deploy.provision import command as provision
from deploy.provision.provision import DifferencesError
from deploy.rebuild import command as rebuild
from deploy.refusal import RefusedError
from deploy.verify import command as verify
from services.electronic_supervision.audit import command as audit
from services.electronic_supervision.log.refusal import BadInputError, visible


@dataclass(frozen=True, slots=True)
class Command:
    """What a command is for, what it takes, and how it is carried out at an aware instant."""

    summary: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, datetime], int | None]


COMMANDS = {
    "audit": Command(audit.SUMMARY, audit.add_arguments, audit.run),
    "demo": Command(demo.SUMMARY, demo.add_arguments, demo.run),
    "provision": Command(provision.SUMMARY, provision.add_arguments, provision.run),
    "admit": Command(admit.SUMMARY, admit.add_arguments, admit.run),
    "verify": Command(verify.SUMMARY, verify.add_arguments, verify.run),
    "backup": Command(backup.BACKUP, backup.add_backup_arguments, backup.run_backup),
    "restore": Command(backup.RESTORE, backup.add_restore_arguments, backup.run_restore),
    "rebuild": Command(rebuild.SUMMARY, rebuild.add_arguments, rebuild.run),
    "epoch": Command(epoch.SUMMARY, epoch.add_arguments, epoch.run),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 done, 1 something is not as it should be, 2 for what can't be used or written.
    """
    parser = ArgumentParser(prog="xiaoneng", description="效能：机关效能建设平台")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for name, each in COMMANDS.items():
        each.add_arguments(commands.add_parser(name, help=each.summary, description=each.summary))
    arguments = parser.parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        code = COMMANDS[arguments.command].run(arguments, datetime.now(tz=UTC))
        sys.stdout.flush()
    except BadInputError as refused:
        print(_refusal(refused), file=sys.stderr)
        return 2
    except RefusedError as refused:
        print(visible(f"xiaoneng：{refused.code}：{refused.message}{refused.fix}"), file=sys.stderr)
        for found in refused.found if isinstance(refused, DifferencesError) else ():
            print(visible(f"  {provision.words(found)}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _output_lost(error)
    return code or 0


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
