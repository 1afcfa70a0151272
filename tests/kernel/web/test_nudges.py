"""Pages are told that something changed: at once when they come, and never too often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import asyncpg
import pytest
from fastapi import APIRouter, Depends, Request
from prometheus_client import CollectorRegistry, Gauge
from starlette.responses import Response

from deploy.local.postgres import Postgres
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.bell import Bell
from kernel.database import open_pool
from kernel.web.access import needs
from kernel.web.nudges import Nudges
from tests.kernel.web.town import READERS, House, opened

REST = 0.2


@pytest.fixture
async def pool(server: Postgres) -> AsyncIterator[asyncpg.Pool]:
    made = await open_pool(server.url(), "public")
    yield made
    await made.close()


@asynccontextmanager
async def nudging(bell: Bell) -> AsyncIterator[House]:
    clients = Gauge("clients", "Pages.", registry=CollectorRegistry())
    nudges = Nudges(bell, clients, beat_seconds=0.5, rest_seconds=REST)
    router = APIRouter()

    @router.get("/stream")
    async def stream(
        request: Request, _: Annotated[Caller, Depends(needs(Right.SEE_CASES))]
    ) -> Response:
        return nudges.stream(request)

    async with opened(router) as house:
        house.client.headers.update(READERS)
        yield house


async def told(lines: AsyncIterator[str]) -> float:
    """Wait for the next nudge, and return when it came."""
    async with asyncio.timeout(10):
        async for line in lines:
            if line == "event: changed":
                return asyncio.get_running_loop().time()
    raise AssertionError("the stream ended")


async def test_a_page_is_nudged_when_it_comes_and_after_each_change(pool: asyncpg.Pool) -> None:
    bell = Bell(pool, "nudges")
    async with nudging(bell) as house, house.client.stream("GET", "/stream") as answer:
        lines = answer.aiter_lines()
        await told(lines)
        for _ in range(3):
            bell.ring()
            await told(lines)


async def test_many_changes_are_few_nudges_and_the_last_is_told(pool: asyncpg.Pool) -> None:
    bell = Bell(pool, "nudges")
    async with nudging(bell) as house, house.client.stream("GET", "/stream") as answer:
        lines = answer.aiter_lines()
        await told(lines)
        began = asyncio.get_running_loop().time()
        for _ in range(50):
            bell.ring()
            await asyncio.sleep(0.01)
        last_ring = asyncio.get_running_loop().time()
        came = [await told(lines)]
        while came[-1] < last_ring:
            came.append(await told(lines))
        assert len(came) <= (came[-1] - began) / REST + 2


async def test_a_page_that_waits_does_not_hold_up_the_end(pool: asyncpg.Pool) -> None:
    bell = Bell(pool, "nudges")
    async with nudging(bell) as house, house.client.stream("GET", "/stream") as answer:
        await told(answer.aiter_lines())
        house.serving.cancel()
        async with asyncio.timeout(5):
            await asyncio.wait([house.serving])
