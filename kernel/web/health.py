"""What machines ask of a process: is it alive, is it ready, what did it count."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kernel.readiness import Check, Problem

LOG = logging.getLogger(__name__)
CHECK_SECONDS = 2.0

TIMED_OUT = Problem(
    code="check-timed-out",
    message="一项自检没有及时完成：数据库或者消息服务器可能繁忙或者连不上，"
    "请检查两者是否运行；哪一项自检见运行日志。",
)
FAILED = Problem(
    code="check-failed", message="一项自检没有做完，是否正常尚不清楚；原因见运行日志。"
)

Endpoint = Callable[[Request], Awaitable[Response]]


async def live(_: Request) -> Response:
    """Answer that the process runs; it depends on nothing, or an outage would restart us all."""
    return JSONResponse({"alive": True})


def ready(checks: Sequence[Check], seconds: float = CHECK_SECONDS) -> Endpoint:
    """Return a door that says whether all is well, after so many seconds at most."""

    async def answer(_: Request) -> Response:
        found = await _problems(checks, seconds)
        problems = [_told(each) for each in found if each.is_in_the_way]
        warnings = [_told(each) for each in found if not each.is_in_the_way]
        beside = {"warnings": warnings} if warnings else {}
        if not problems:
            return JSONResponse({"ready": True, **beside})
        return JSONResponse({"ready": False, "problems": problems, **beside}, status_code=503)

    return answer


def _told(problem: Problem) -> Mapping[str, str]:
    return {"code": problem.code, "message": problem.message}


def metrics(registries: Sequence[CollectorRegistry]) -> Endpoint:
    """Return a door that tells registries in Prometheus' text format, as if they were one."""
    together = CollectorRegistry()
    together.register(_Together(registries))

    async def answer(_: Request) -> Response:
        return Response(generate_latest(together), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer


class _Together(Collector):
    """Tells a metric that several registries have once, with the samples of all."""

    def __init__(self, registries: Sequence[CollectorRegistry]) -> None:
        self._registries = registries

    def collect(self) -> Iterable[Metric]:
        found: dict[str, Metric] = {}
        for registry in self._registries:
            for metric in registry.collect():
                if metric.name in found:
                    found[metric.name].samples += metric.samples
                else:
                    found[metric.name] = metric
        return found.values()


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
    # which check it was, our logs say: its name means nothing to who reads the problem
    name = {"check": getattr(check, "__qualname__", type(check).__qualname__)}
    if not task.done():
        task.cancel()
        LOG.warning("check timed out", extra=name)
        return [TIMED_OUT]
    if task.cancelled():
        LOG.warning("check cancelled", extra=name)
        return [FAILED]
    if (error := task.exception()) is not None:
        LOG.warning("check failed", exc_info=error, extra=name)
        return [FAILED]
    return task.result()
