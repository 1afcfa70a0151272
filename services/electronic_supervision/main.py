"""Electronic supervision as a process: its doors, its intake, loop and relay, together or alone."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial

from kernel.readiness import Check, Problem
from kernel.reception.main import opened as reception
from kernel.service import Service, Work
from kernel.service import run as run_services
from kernel.store.acts import Ledger
from kernel.store.ready import is_migrated
from kernel.store.watch import note_heads
from services.electronic_supervision import parts
from services.electronic_supervision.deeds import DEEDS
from services.electronic_supervision.front import front
from services.electronic_supervision.house import House, house
from services.electronic_supervision.reading.unregistered import unregistered
from services.electronic_supervision.settings import Part, Settings
from services.electronic_supervision.tenancy import TENANCY

BEHIND_THE_DOORS = {
    Part.CONNECT: parts.connectors,
    Part.INTAKE: parts.intake,
    Part.LOOP: parts.loop,
    Part.RELAY: parts.relay,
}


@asynccontextmanager
async def opened(
    settings: Settings, *, clock: Callable[[], datetime], holder: str
) -> AsyncIterator[Service]:
    """Open the parts of the service that the settings name, for the length of the block.

    A process without the part `api` tells of its health and nothing else. `holder` names this
    process, and no other ever again.
    """
    async with house(settings, clock, holder) as shared:
        with front(shared) as doors:
            yield Service(
                name=TENANCY.name,
                routers=doors.routers,
                checks=[
                    is_migrated(shared.pool, TENANCY.migrations),
                    *(_check(shared, part) for part in sorted(settings.parts - {Part.API})),
                ],
                registry=shared.registry,
                work=[*doors.work, *_work(shared)],
                pages=doors.pages,
                ledger=Ledger(name=TENANCY.name, title="电子监察", pool=shared.pool, words=DEEDS),
                register=partial(unregistered, shared.pool),
            )


async def run(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    holder: str,
    ready: Callable[[int], None],
) -> None:
    """Serve and work until cancelled; `ready` is told the port listened on."""
    async with AsyncExitStack() as doors:
        services = [await doors.enter_async_context(opened(settings, clock=clock, holder=holder))]
        if settings.access is not None:
            services.append(
                await doors.enter_async_context(reception(settings.access, clock=clock))
            )
        await run_services(
            services,
            title="效能·电子监察",
            host=settings.host,
            port=settings.port,
            ready=ready,
            public_url=settings.public_url,
        )


def _work(shared: House) -> list[Work]:
    settings = shared.settings
    work: list[Work] = [
        partial(BEHIND_THE_DOORS[part], shared)
        for part in sorted(settings.parts & BEHIND_THE_DOORS.keys())
    ]
    if settings.heads is not None:
        heads = partial(note_heads, shared.pool, settings.heads, TENANCY.name, shared.clock)
        work.append(heads)
    return work


def _check(shared: House, part: Part) -> Check:
    async def check() -> Sequence[Problem]:
        if (begun := shared.checks.get(part)) is not None:
            return await begun()
        message = f"{part.value} 尚未开始工作：正在连接消息总线或者数据库。"
        return (Problem(code="starting", message=message),)

    return check
