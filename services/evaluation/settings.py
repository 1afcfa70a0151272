"""What a process of evaluation is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kernel.process import needed, port, web_address
from kernel.reception.settings import Settings as Access
from kernel.reception.settings import from_environment as access_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where its servers are, where it listens, and where it is known who may come in.

    `public_url` is where browsers reach us through a proxy.
    """

    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)
    access: Access
    host: str = "127.0.0.1"
    port: int = 0
    public_url: str = ""


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingError."""
    return Settings(
        postgres_url=needed(environment, "XIAONENG_POSTGRES_URL"),
        nats_url=needed(environment, "XIAONENG_NATS_URL"),
        access=access_from(environment),
        host=environment.get("XIAONENG_HTTP_HOST", "127.0.0.1"),
        port=port(environment, "XIAONENG_HTTP_PORT"),
        public_url=web_address(environment, "XIAONENG_PUBLIC_URL"),
    )
