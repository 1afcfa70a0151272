"""The `xiaoneng` command: the one door to everything that runs on this machine."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from io import TextIOWrapper

from services.electronic_supervision.audit import command as audit
from services.electronic_supervision.log.refusal import BadInputError, visible


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 2 for what can't be used or written."""
    parser = ArgumentParser(prog="xiaoneng", description="效能：机关效能建设平台")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    audit.add_arguments(commands.add_parser("audit", help=audit.SUMMARY, description=audit.SUMMARY))
    arguments = parser.parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        audit.run(arguments, datetime.now(tz=UTC))
        sys.stdout.flush()
    except BadInputError as refused:
        print(_refusal(refused), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _output_lost(error)
    return 0


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
