"""All services in one process on one port, as long as their servers live and nobody says stop."""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from deploy.local.servers import Child
from deploy.provision.provision import Access
from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, EVALUATION
from deploy.up.reason import ServerEndedError, reason
from deploy.up.told import Told
from deploy.up.unless_told import until_told
from kernel.process import holder
from kernel.reception.main import opened as reception
from kernel.reception.settings import Settings as AccessSettings
from kernel.service import run
from services.electronic_supervision.main import opened as supervision
from services.electronic_supervision.settings import Settings as SupervisionSettings
from services.evaluation.main import opened as evaluation
from services.evaluation.settings import Settings as EvaluationSettings

LOG = logging.getLogger(__name__)
TITLE = "效能"
LOOK_SECONDS = 0.2
AGAIN_SECONDS = 1.0
GRACE_SECONDS = 5.0
"""How long what is cancelled may take to give back what it holds, before it is cancelled again."""

UNENDING = 70
END_SECONDS = 20.0
"""How long the services may take to end in good order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to serve, and where: `children` are the servers that have to live.

    `connectors` is a file of them, and `environment` where the addresses of their databases are.
    `beside` is done once the services listen, until they end; it may end before. `ending` is called
    as they begin to end.
    """

    port: int
    access: Mapping[str, Access] = field(repr=False)
    children: Sequence[Child]
    heads: Path
    connectors: Path | None
    environment: Mapping[str, str] = field(repr=False)
    notice: str
    clock: Callable[[], datetime]
    told: Told
    ending: Callable[[], None]
    beside: Sequence[Callable[[], Coroutine[Any, Any, None]]]


async def serve(plan: Plan) -> int | Exception:
    """Serve until told to stop, and return the exit code, or why it came to an end by itself."""
    told = asyncio.create_task(until_told(plan.told))
    work = asyncio.create_task(_work(plan))
    lost = asyncio.create_task(_watch(plan.children))
    await asyncio.wait({told, work, lost}, return_when=asyncio.FIRST_COMPLETED)
    plan.ending()
    end: int | Exception = 0
    if told.done():
        end = told.result()
    elif (error := (lost if lost.done() else work).exception()) is not None:
        LOG.error("ended", exc_info=error)
        end = reason(error)
    await _end(work, AGAIN_SECONDS if lost.done() else GRACE_SECONDS)
    return end


async def _end(work: "asyncio.Task[None]", grace: float) -> None:
    """Cancel the work, and after `grace` seconds all that is left of it, again and again.

    What loses a server while it is cancelled may not hear it the first time.
    """
    ticks = asyncio.get_running_loop().time
    deadline = ticks() + END_SECONDS
    work.cancel()
    await asyncio.wait({work}, timeout=grace)
    while not work.done():
        if ticks() > deadline:
            LOG.critical("services do not end")
            os._exit(UNENDING)  # nothing is lost: it is as if we were killed, servers end with us
        for each in asyncio.all_tasks() - {asyncio.current_task()}:
            each.cancel()
        await asyncio.wait({work}, timeout=AGAIN_SECONDS)
    if not work.cancelled() and (error := work.exception()) is not None:
        LOG.warning("ended badly", exc_info=error)


async def _work(plan: Plan) -> None:
    """Run the services, and what is done beside them, until cancelled."""
    mine, theirs = (plan.access[each.name] for each in (ELECTRONIC_SUPERVISION, EVALUATION))
    access = AccessSettings(postgres_url=plan.access[ACCESS.name].postgres_url, heads=plan.heads)
    watching = SupervisionSettings(
        postgres_url=mine.postgres_url,
        nats_url=mine.nats_url,
        access=access,
        heads=plan.heads,
        notice=plan.notice,
        connectors=plan.connectors,
        environment=plan.environment,
    )
    weighing = EvaluationSettings(
        postgres_url=theirs.postgres_url, nats_url=theirs.nats_url, access=access
    )
    name, listening = holder(), asyncio.Event()
    async with (
        supervision(watching, clock=plan.clock, holder=name) as watcher,
        evaluation(weighing, clock=plan.clock, holder=name) as weigher,
        reception(access, clock=plan.clock) as receiver,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(
            run(
                [watcher, weigher, receiver],
                title=TITLE,
                host=watching.host,
                port=plan.port,
                ready=lambda _: listening.set(),
            )
        )
        await listening.wait()
        for each in plan.beside:
            group.create_task(each())


async def _watch(children: Sequence[Child]) -> None:
    """End with the first server that ends: nothing can be promised without it."""
    while True:
        for each in children:
            if (code := each.process.poll()) is not None:
                raise ServerEndedError(f"{each.name} 意外结束（{code}），日志见 {each.log}")
        await asyncio.sleep(LOOK_SECONDS)
