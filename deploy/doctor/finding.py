"""What a look at one thing found."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it is; a failure keeps the platform from running, a warning from running well."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


SIGNS = {Level.OK: "✓", Level.WARNING: "!", Level.FAILURE: "✗"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing: `check` is its stable code, the rest is for people; `fix` is "" where all is well.

    `name` is what the thing is called.
    """

    check: str
    name: str
    level: Level
    message: str
    fix: str = ""


def well(check: str, name: str, message: str) -> Finding:
    """Say that a thing is as it should be."""
    return Finding(check=check, name=name, level=Level.OK, message=message)


def poor(check: str, name: str, message: str, fix: str) -> Finding:
    """Say that a thing should be mended, though everything runs."""
    return Finding(check=check, name=name, level=Level.WARNING, message=message, fix=fix)


def broken(check: str, name: str, message: str, fix: str) -> Finding:
    """Say that a thing has to be mended."""
    return Finding(check=check, name=name, level=Level.FAILURE, message=message, fix=fix)
