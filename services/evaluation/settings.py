"""What a process of evaluation is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class SettingError(Exception):
    """A setting that is missing or can't be used; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where its servers are, and where it listens; `operator_token` opens all its routes."""

    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)
    operator_token: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 0


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingError."""
    return Settings(
        postgres_url=_needed(environment, "XIAONENG_POSTGRES_URL"),
        nats_url=_needed(environment, "XIAONENG_NATS_URL"),
        operator_token=_needed(environment, "XIAONENG_OPERATOR_TOKEN"),
        host=environment.get("XIAONENG_HTTP_HOST", "127.0.0.1"),
        port=_port(environment, "XIAONENG_HTTP_PORT"),
    )


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingError(f"{name} is not set")
    return value


def _port(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name, "") or "0"
    if not text.isascii() or not text.isdigit() or int(text) > 0xFFFF:
        raise SettingError(f"{name} is a port, 0 for a free one")
    return int(text)
