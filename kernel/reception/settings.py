"""What a process that opens doors is told of who may come in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from kernel.access.sessions import Limits
from kernel.process import SettingError, needed, web_address, whole
from kernel.reception.oidc import Provider, provider_from

IDLE_HOURS, LONGEST_HOURS = 12, 24
STANDARD = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the record of access is, when sessions end by themselves, and who else knows people.

    `heads` is the folder where the head of the record is noted, outside the database.
    """

    postgres_url: str = field(repr=False)
    limits: Limits = STANDARD
    heads: Path | None = None
    provider: Provider | None = None


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingError."""
    return Settings(
        postgres_url=needed(environment, "XIAONENG_ACCESS_URL"),
        limits=Limits(
            idle=_hours(environment, "XIAONENG_SESSION_IDLE_HOURS", IDLE_HOURS),
            longest=_hours(environment, "XIAONENG_SESSION_HOURS", LONGEST_HOURS),
        ),
        heads=Path(heads) if (heads := environment.get("XIAONENG_HEADS")) else None,
        provider=provider_from(environment, web_address(environment, "XIAONENG_PUBLIC_URL")),
    )


def _hours(environment: Mapping[str, str], name: str, default: int) -> timedelta:
    hours = whole(environment, name, default)
    if not 1 <= hours <= 24 * 30:
        raise SettingError(f"{name} is a number of hours, from 1 to 720")
    return timedelta(hours=hours)
