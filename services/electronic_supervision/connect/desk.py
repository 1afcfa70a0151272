"""What the connectors of one process share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from kernel.bell import Bell
from services.electronic_supervision.connect.metrics import ConnectMetrics
from services.electronic_supervision.domain.time.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectDesk:
    """The record and the bell to ring when facts come in; `now` is when they are noted.

    `holder` names this process, and no other ever again. In `environment` are the addresses of
    databases that connectors name.
    """

    pool: asyncpg.Pool
    facts: Bell
    now: Callable[[asyncpg.Connection], Awaitable[datetime]]
    office: Office
    holder: str
    metrics: ConnectMetrics
    environment: Mapping[str, str] = field(repr=False)
