"""What a process of evaluation is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kernel.process import needed, port


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
        postgres_url=needed(environment, "XIAONENG_POSTGRES_URL"),
        nats_url=needed(environment, "XIAONENG_NATS_URL"),
        operator_token=needed(environment, "XIAONENG_OPERATOR_TOKEN"),
        host=environment.get("XIAONENG_HTTP_HOST", "127.0.0.1"),
        port=port(environment, "XIAONENG_HTTP_PORT"),
    )
