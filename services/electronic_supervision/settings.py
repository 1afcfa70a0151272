"""What a process of electronic supervision is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path


class Part(StrEnum):
    """What a process does of the service; one may do all."""

    API = "api"
    INTAKE = "intake"
    LOOP = "loop"
    RELAY = "relay"


ALL = frozenset(Part)


class SettingError(Exception):
    """A setting that is missing or can't be used; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where its servers are, where it listens, and what it does of the service.

    `operator_token` opens all routes but the one for reporting. `shift` moves the time by which
    deadlines are judged, for rehearsals and tests. A worker judges `share` partitions at most.
    `heads` is the folder where the head of the record is noted, outside the database.
    """

    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)
    operator_token: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    parts: frozenset[Part] = ALL
    shift: timedelta = timedelta()
    share: int = 4
    heads: Path | None = None


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingError."""
    return Settings(
        postgres_url=_needed(environment, "XIAONENG_POSTGRES_URL"),
        nats_url=_needed(environment, "XIAONENG_NATS_URL"),
        operator_token=_needed(environment, "XIAONENG_OPERATOR_TOKEN"),
        host=environment.get("XIAONENG_HTTP_HOST", "127.0.0.1"),
        port=_number(environment, "XIAONENG_HTTP_PORT", 0),
        parts=_parts(environment.get("XIAONENG_PARTS", "")),
        shift=timedelta(seconds=_number(environment, "XIAONENG_TIME_SHIFT", 0)),
        share=_number(environment, "XIAONENG_PARTITIONS", 4),
        heads=Path(heads) if (heads := environment.get("XIAONENG_HEADS")) else None,
    )


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingError(f"{name} is not set")
    return value


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    try:
        return int(text) if text else default
    except ValueError:
        raise SettingError(f"{name} is a whole number") from None


def _parts(text: str) -> frozenset[Part]:
    try:
        return frozenset(Part(name.strip()) for name in text.split(",")) if text else ALL
    except ValueError:
        names = ", ".join(Part)
        raise SettingError(f"XIAONENG_PARTS takes some of {names}") from None
