"""Electronic supervision as a process: its doors, its intake, loop and relay, together or alone."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from kernel.store.watch import note_heads
from services.electronic_supervision import parts
from services.electronic_supervision.api.service import serve_api
from services.electronic_supervision.house import house
from services.electronic_supervision.settings import Part, Settings
from services.electronic_supervision.tenancy import TENANCY

BEHIND_THE_DOORS = {
    Part.INTAKE: parts.intake,
    Part.LOOP: parts.loop,
    Part.RELAY: parts.relay,
}


async def run(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    holder: str,
    ready: Callable[[int], None],
) -> None:
    """Do the parts of the service that the settings name, until cancelled.

    Every process answers /livez, /readyz and /metrics; one without the part `api` nothing else.
    `holder` names this process, and no other ever again. `ready` is told the port listened on.
    """
    async with house(settings, clock, holder) as shared, asyncio.TaskGroup() as group:
        for part in settings.parts & BEHIND_THE_DOORS.keys():
            group.create_task(BEHIND_THE_DOORS[part](shared))
        if settings.heads is not None:
            group.create_task(note_heads(shared.pool, settings.heads, TENANCY.name, clock))
        group.create_task(serve_api(shared, ready))
