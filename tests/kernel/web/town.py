"""A small service to knock at: routes that behave, and routes that do not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Literal

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from kernel.access.policy import Right, Role
from kernel.access.principal import Caller, Grant, Principal
from kernel.readiness import Check
from kernel.web.access import Keyring, digest_of, needs
from kernel.web.app import create_app
from kernel.web.serve import serve
from kernel.web.shell.shell import Pages

CLERK = Principal(
    name="综合窗口",
    grants=(Grant(role=Role.OFFICE), Grant(role=Role.PUBLISHER)),
    source="/city/permits",
)
READER = Principal(name="大屏", grants=(Grant(role=Role.LEADER),))
RING = Keyring.of({digest_of("clerk"): CLERK, digest_of("reader"): READER})
CLERKS = {"Authorization": "Bearer clerk"}
READERS = {"Authorization": "Bearer reader"}


class Case(BaseModel):
    number: str
    colour: Literal["yellow", "red"]
    days: int = 0


class Report(BaseModel):
    data: Case


def town() -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/cases/{number}")
    async def case(
        number: int, holder: Annotated[Caller, Depends(needs(Right.SEE_CASES))]
    ) -> dict[str, object]:
        return {"number": number, "holder": holder.name}

    @router.post("/cases", dependencies=[Depends(needs(Right.REPORT_EVENTS))])
    async def report(report: Report) -> Report:
        return report

    @router.post("/raw", dependencies=[Depends(needs(Right.REPORT_EVENTS))])
    async def raw(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    return router


def raising(error: Callable[[], Exception]) -> APIRouter:
    router = APIRouter()

    @router.get("/raise", dependencies=[Depends(needs(Right.SEE_CASES))])
    async def fail() -> None:
        raise error()

    return router


@dataclass(frozen=True, slots=True)
class House:
    """A served application, and how to knock at it."""

    app: FastAPI
    port: int
    registry: CollectorRegistry
    client: httpx.AsyncClient
    serving: asyncio.Task[None]


@asynccontextmanager
async def opened(
    *routers: APIRouter,
    checks: Sequence[Check] = (),
    keyring: Keyring = RING,
    check_seconds: float = 5,
    body_seconds: float = 30,
    patience_seconds: float = 40,
    pages: Sequence[Pages] = (),
    public_url: str = "",
    dress: Callable[[FastAPI], None] = lambda _: None,
) -> AsyncIterator[House]:
    """Serve on a free port for the length of the block, then see that it stops."""
    registry = CollectorRegistry()
    app = create_app(
        title="test",
        routers=routers,
        checks=checks,
        registry=registry,
        keyring=keyring,
        check_seconds=check_seconds,
        body_seconds=body_seconds,
        patience_seconds=patience_seconds,
        pages=pages,
        public_url=public_url,
    )
    dress(app)
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=listening.set_result))
    port = await listening
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        try:
            yield House(app=app, port=port, registry=registry, client=client, serving=serving)
        finally:
            serving.cancel()
            await asyncio.wait([serving])


async def until(happened: Callable[[], Awaitable[bool]], seconds: float = 5) -> None:
    """Wait for something with a deadline."""
    async with asyncio.timeout(seconds):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.005)
