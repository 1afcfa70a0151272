"""What a process of electronic supervision is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from kernel.process import SettingError, needed, port, web_address, whole
from kernel.reception.settings import Settings as Access
from kernel.reception.settings import from_environment as access_from


class Part(StrEnum):
    """What a process does of the service; one may do all."""

    API = "api"
    CONNECT = "connect"
    INTAKE = "intake"
    LOOP = "loop"
    RELAY = "relay"


ALL = frozenset(Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where its servers are, where it listens, and what it does of the service.

    `access` says who may come in, where the part `api` opens doors. `shift` moves the time by which
    all is judged and shown, for rehearsals and tests. A worker judges `share` partitions at most.
    `heads` is the folder where the head of the record is noted, outside the database. `notice` is
    shown on every page. `public_url` is where browsers reach us through a proxy. `connectors` is
    the file of connectors, and `environment` where the addresses of their databases are.
    """

    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)
    access: Access | None = None
    host: str = "127.0.0.1"
    port: int = 0
    parts: frozenset[Part] = ALL
    shift: timedelta = timedelta()
    share: int = 4
    heads: Path | None = None
    notice: str = ""
    public_url: str = ""
    connectors: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingError."""
    parts = _parts(environment.get("XIAONENG_PARTS", ""))
    return Settings(
        postgres_url=needed(environment, "XIAONENG_POSTGRES_URL"),
        nats_url=needed(environment, "XIAONENG_NATS_URL"),
        access=access_from(environment) if Part.API in parts else None,
        host=environment.get("XIAONENG_HTTP_HOST", "127.0.0.1"),
        port=port(environment, "XIAONENG_HTTP_PORT"),
        parts=parts,
        shift=timedelta(seconds=whole(environment, "XIAONENG_TIME_SHIFT")),
        share=whole(environment, "XIAONENG_PARTITIONS", 4),
        heads=Path(heads) if (heads := environment.get("XIAONENG_HEADS")) else None,
        notice=environment.get("XIAONENG_NOTICE", ""),
        public_url=web_address(environment, "XIAONENG_PUBLIC_URL"),
        connectors=Path(named) if (named := environment.get("XIAONENG_CONNECTORS")) else None,
        environment=environment,
    )


def _parts(text: str) -> frozenset[Part]:
    try:
        return frozenset(Part(name.strip()) for name in text.split(",")) if text else ALL
    except ValueError:
        names = ", ".join(Part)
        raise SettingError(f"XIAONENG_PARTS takes some of {names}") from None
