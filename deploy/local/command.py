"""The `xiaoneng` command: the one door to everything that runs on this machine."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime

from services.electronic_supervision.audit import command as audit
from services.electronic_supervision.log.refusal import BadInputError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 2 for input that can't be used."""
    parser = ArgumentParser(prog="xiaoneng", description="效能：机关效能建设平台")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    audit.add_arguments(commands.add_parser("audit", help=audit.SUMMARY, description=audit.SUMMARY))
    arguments = parser.parse_args(argv)
    try:
        audit.run(arguments, datetime.now(tz=UTC))
    except BadInputError as refused:
        print(_refusal(refused), file=sys.stderr)
        return 2
    return 0


def _refusal(refused: BadInputError) -> str:
    line = None if refused.line is None else f"第 {refused.line} 行"
    places = [place for place in (refused.field, line) if place]
    where = f"（{'，'.join(places)}）" if places else ""
    return f"xiaoneng：{refused.code}{where}：{refused.message}"
