"""`make bundle`: build the archives that install without a network."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from deploy.bundle.bundle import bundle
from deploy.bundle.wheels import ARCHITECTURES, ToolFailedError

PROJECT = Path(__file__).parents[2]


def main(argv: Sequence[str] | None = None) -> int:
    """Build them, name each with its size, and return 0; 1 if a tool failed."""
    parser = ArgumentParser(prog="python -m deploy.bundle.command", description=__doc__)
    parser.add_argument("architectures", nargs="*", default=ARCHITECTURES, metavar="ARCHITECTURE")
    parser.add_argument("--out", type=Path, default=PROJECT / "dist", metavar="DIR")
    arguments = parser.parse_args(argv)
    for each in arguments.architectures:
        try:
            made = bundle(PROJECT, each, arguments.out)
        except ToolFailedError as error:
            print(f"{each}: {error}", file=sys.stderr)
            return 1
        print(f"{made}  {made.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
