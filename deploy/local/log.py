"""What a server said in its log since it was started the last time."""

from pathlib import Path

LINES = 10


def length(log: Path) -> int:
    """Return how long a log is so far, in bytes."""
    return log.stat().st_size if log.exists() else 0


def said_since(log: Path, start: int) -> str:
    """Return the last lines of what a log holds beyond so many bytes."""
    text = log.read_bytes()[start:].decode(errors="replace")
    return "\n".join(line.expandtabs(4) for line in text.splitlines()[-LINES:])
