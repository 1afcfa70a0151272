"""What machines ask of a process: is it alive, is it ready, what did it count."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kernel.readiness import Check, Problem

LOG = logging.getLogger(__name__)
CHECK_SECONDS = 2.0

Endpoint = Callable[[Request], Awaitable[Response]]


async def live(_: Request) -> Response:
    """Answer that the process runs; it depends on nothing, or an outage would restart us all."""
    return JSONResponse({"alive": True})


def ready(checks: Sequence[Check], seconds: float = CHECK_SECONDS) -> Endpoint:
    """Return a door that says whether all is well, after so many seconds at most."""

    async def answer(_: Request) -> Response:
        problems = await _problems(checks, seconds)
        if not problems:
            return JSONResponse({"ready": True})
        told = [{"code": each.code, "message": each.message} for each in problems]
        return JSONResponse({"ready": False, "problems": told}, status_code=503)

    return answer


def metrics(registry: CollectorRegistry) -> Endpoint:
    """Return a door that tells a registry in Prometheus' text format."""

    async def answer(_: Request) -> Response:
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer


async def _problems(checks: Sequence[Check], seconds: float) -> list[Problem]:
    if not checks:
        return []
    tasks = [asyncio.ensure_future(check()) for check in checks]
    # wait, not timeout: a check may not even listen to being cancelled
    await asyncio.wait(tasks, timeout=seconds)
    return [
        problem
        for check, task in zip(checks, tasks, strict=True)
        for problem in _found(check, task)
    ]


def _found(check: Check, task: "asyncio.Future[Sequence[Problem]]") -> Sequence[Problem]:
    name = getattr(check, "__qualname__", type(check).__qualname__)
    if not task.done():
        task.cancel()
        return [Problem(code="check-timed-out", message=f"检查 {name} 没有及时完成。")]
    if task.cancelled():
        return [Problem(code="check-failed", message=f"检查 {name} 中断了。")]
    if (error := task.exception()) is not None:
        LOG.warning("check failed", exc_info=error, extra={"check": name})
        return [Problem(code="check-failed", message=f"检查 {name} 出错：{type(error).__name__}。")]
    return task.result()
