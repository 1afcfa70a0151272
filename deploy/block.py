"""The one aligned block that tells where a running stack can be found."""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.stack import Stack
from services.electronic_supervision.log.refusal import visible

WIDE = {"W", "F"}


HOW = "用账号登录；忘记口令用 xiaoneng account reset NAME"


def block(stack: Stack, folder: Path, *, then: str, accounts: Sequence[str] = ()) -> str:
    """Tell where everything is; `then` is what to do next.

    `accounts` are those that were opened now, in words with their passwords, never to be told
    again.
    """
    told = [("账号" if number == 0 else "", words) for number, words in enumerate(accounts)]
    return aligned(
        (
            ("控制台", stack.console),
            ("接口", f"{stack.console}/openapi.json"),
            ("指标", f"{stack.console}/metrics"),
            ("NATS", without_password(stack.nats_url)),
            ("PostgreSQL", without_password(stack.postgres_url)),
            ("数据目录", str(folder)),
            *(told or [("登录", HOW)]),
            ("下一步", then),
        )
    )


def aligned(rows: Iterable[tuple[str, str]]) -> str:
    """Set rows of a name and a text in two columns; a Chinese character is two wide."""
    told = list(rows)
    widest = max(width(name) for name, _ in told)
    return "\n".join(f"  {name}{' ' * (widest - width(name))}  {text}" for name, text in told)


def width(text: str) -> int:
    """Return how many columns a terminal takes for a text."""
    return sum(2 if unicodedata.east_asian_width(char) in WIDE else 1 for char in text)


def shown(text: str) -> str:
    """Make a text harmless for a terminal, but keep its lines: those after the first are set in."""
    return "\n    ".join(visible(line.expandtabs(4)) for line in text.split("\n"))


def without_password(url: str) -> str:
    """Return where a server is and which database is meant, without who may enter."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
