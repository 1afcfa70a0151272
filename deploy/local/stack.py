"""Where a local stack that is running can be reached: one file in its data folder."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "stack.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The administrator's URLs of both servers; they hold passwords."""

    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)


def announce(folder: Path, stack: Stack) -> None:
    """Write the file, all or nothing, for its owner alone."""
    new = folder / f"{FILE}.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(asdict(stack), out, indent=2)
    new.replace(folder / FILE)


def retract(folder: Path) -> None:
    """Remove the file of a stack that stops."""
    (folder / FILE).unlink(missing_ok=True)


def announced(folder: Path) -> Stack | None:
    """Return what a stack announced; None without a file that can be read."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Stack(postgres_url=str(told["postgres_url"]), nats_url=str(told["nats_url"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
