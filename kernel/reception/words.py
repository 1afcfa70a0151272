"""Accounts and tokens in the words of officials."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from kernel.access.policy import ROLE_WORDS
from kernel.access.principal import Grant

ZONE = ZoneInfo("Asia/Shanghai")


def moment(at: datetime | None) -> str:
    """Return an instant by the clocks of the city, "" for none."""
    return "" if at is None else at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def roles(grants: Iterable[Grant]) -> str:
    """Return roles with the units for which they are held."""
    return "、".join(map(role, grants))


def role(grant: Grant) -> str:
    """Return one role."""
    words = ROLE_WORDS[grant.role]
    return words if grant.unit is None else f"{words}（{grant.unit}）"
