"""Whoever asks for something that has stalled is told so in time."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends
from starlette.responses import StreamingResponse

from kernel.access.policy import Right
from kernel.web.access import needs
from tests.kernel.web.town import READERS, opened

READ = Depends(needs(Right.SEE_CASES))


def stalled(released: asyncio.Event, ended: asyncio.Event) -> APIRouter:
    router = APIRouter(dependencies=[READ])

    @router.get("/stalled")
    async def wait() -> None:
        """Wait for a database that does not even listen to being cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            await released.wait()
            ended.set()

    @router.get("/long")
    async def long() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for part in (b"a", b"b", b"c"):
                yield part
                await asyncio.sleep(0.2)

        return StreamingResponse(parts())

    return router


async def test_a_caller_need_not_wait_for_what_has_stalled() -> None:
    released, ended = asyncio.Event(), asyncio.Event()
    async with opened(stalled(released, ended), patience_seconds=0.3) as house:
        answer = await house.client.get("/stalled", headers=READERS)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert not ended.is_set()
        released.set()
        async with asyncio.timeout(5):
            await ended.wait()
        assert (await house.client.get("/livez")).status_code == 200


async def test_an_answer_that_has_begun_may_take_its_time() -> None:
    routes = stalled(asyncio.Event(), asyncio.Event())
    async with opened(routes, patience_seconds=0.3) as house:
        answer = await house.client.get("/long", headers=READERS)
        assert answer.content == b"abc"
