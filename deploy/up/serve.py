"""All services in one process on one port, as long as their servers live and nobody says stop."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from deploy.local.servers import Child
from deploy.provision.provision import Access
from deploy.tenancies import ELECTRONIC_SUPERVISION, EVALUATION
from deploy.up.told import until_told
from kernel.process import holder
from kernel.service import run
from services.electronic_supervision.main import opened as supervision
from services.electronic_supervision.settings import Settings as SupervisionSettings
from services.evaluation.main import opened as evaluation
from services.evaluation.settings import Settings as EvaluationSettings

LOG = logging.getLogger(__name__)
TITLE = "效能"
LOOK_SECONDS = 0.2
END_SECONDS = 20.0
"""How long the services may take to end, before their servers are stopped under them."""


class ServerEndedError(Exception):
    """A server of ours ended by itself; the message names it and its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to serve, and where: `children` are the servers that have to live.

    `beside` is done once the services listen, until they end; it may end before.
    """

    port: int
    token: str = field(repr=False)
    access: Mapping[str, Access] = field(repr=False)
    children: Sequence[Child]
    heads: Path
    notice: str
    clock: Callable[[], datetime]
    beside: Sequence[Callable[[], Coroutine[Any, Any, None]]]


async def serve(plan: Plan) -> int | Exception:
    """Serve until told to stop, and return the exit code, or why it came to an end by itself."""
    work = asyncio.create_task(_work(plan))
    told = asyncio.create_task(until_told())
    await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
    code: int | Exception = told.result() if told.done() else 0
    told.cancel()
    work.cancel()
    await asyncio.wait({work}, timeout=END_SECONDS)
    if not work.done():
        LOG.error("services do not end")
    elif not work.cancelled() and (error := work.exception()) is not None:
        LOG.error("ended", exc_info=error)
        return code or _first(error)
    return code


def _first(error: BaseException) -> Exception:
    """Return what lies at the bottom of a group of errors, a lost server before all else."""
    leaves = list(_leaves(error))
    lost = [each for each in leaves if isinstance(each, ServerEndedError)]
    return (lost or leaves)[0]


def _leaves(error: BaseException) -> "list[Exception]":
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in _leaves(each)]
    return [error] if isinstance(error, Exception) else [RuntimeError(repr(error))]


async def _work(plan: Plan) -> None:
    """Run the services, and what is done beside them, until cancelled."""
    mine, theirs = (plan.access[each.name] for each in (ELECTRONIC_SUPERVISION, EVALUATION))
    watching = SupervisionSettings(
        postgres_url=mine.postgres_url,
        nats_url=mine.nats_url,
        operator_token=plan.token,
        heads=plan.heads,
        notice=plan.notice,
    )
    weighing = EvaluationSettings(
        postgres_url=theirs.postgres_url, nats_url=theirs.nats_url, operator_token=plan.token
    )
    name, listening = holder(), asyncio.Event()
    async with (
        supervision(watching, clock=plan.clock, holder=name) as watcher,
        evaluation(weighing, clock=plan.clock, holder=name) as weigher,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(
            run(
                [watcher, weigher],
                title=TITLE,
                host=watching.host,
                port=plan.port,
                ready=lambda _: listening.set(),
            )
        )
        group.create_task(_watch(plan.children))
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
