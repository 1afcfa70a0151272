"""What every process of a service does the same: its settings, its name, its end."""

import asyncio
import gc
import secrets
import signal
import socket
from collections.abc import Coroutine, Mapping
from os import getpid
from typing import Any
from urllib.parse import urlsplit


class SettingError(Exception):
    """A setting that is missing or can't be used; the message names it and says what it takes."""


def needed(environment: Mapping[str, str], name: str) -> str:
    """Return a setting that has no default. Raises SettingError."""
    value = environment.get(name, "")
    if not value:
        raise SettingError(f"{name} is not set")
    return value


def whole(environment: Mapping[str, str], name: str, default: int = 0) -> int:
    """Return a setting that is a whole number, perhaps below 0. Raises SettingError."""
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 18:
        raise SettingError(f"{name} is a whole number")
    return int(text)


def port(environment: Mapping[str, str], name: str) -> int:
    """Return a setting that is a port, 0 for a free one. Raises SettingError."""
    number = whole(environment, name)
    if not 0 <= number <= 0xFFFF:
        raise SettingError(f"{name} is a port, 0 for a free one")
    return number


def web_address(environment: Mapping[str, str], name: str) -> str:
    """Return a setting that is the address of a site, "" if it is not set. Raises SettingError."""
    text = environment.get(name, "").rstrip("/")
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path):
        raise SettingError(f"{name} is like https://console.city.cn")
    return text


def holder() -> str:
    """Name this process, and no other ever again."""
    return f"{socket.gethostname()}-{getpid()}-{secrets.token_hex(8)}"


def spare_the_collector() -> None:
    """Look for cycles of garbage seldom, and never among what was there at the start.

    A batch makes thousands of values and no cycles: looking for some took a sixth of the time.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Do a process's work until it is told to stop (SIGINT, SIGTERM)."""
    task = asyncio.create_task(work)
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()
