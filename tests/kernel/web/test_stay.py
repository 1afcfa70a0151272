"""Who may no longer see what a stream tells is told no more of it, wherever he stays connected."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, Depends, Request
from prometheus_client import Gauge
from starlette.responses import Response

from kernel.access.policy import Right, Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.web import stay
from kernel.web.access import Keyring, digest_of, needs
from kernel.web.nudges import Nudges
from tests.kernel.web.newspaper import Press, followed, stand
from tests.kernel.web.town import House, opened, until

READER = Principal(name="大屏", grants=(Grant(role=Role.LEADER),))
PUBLISHER = Principal(name="审批系统", grants=(Grant(role=Role.PUBLISHER),))
BEAT = 0.05
SOON = 5
"""Seconds within which a stream has to end: one for the answer, others for a busy machine."""

TOKEN = {"Authorization": "Bearer reader"}
STREAMS = ("/feed?after=0", "/nudges")


class Ring:
    """A ring whose holders come and go, and which counts how often it is asked."""

    def __init__(self) -> None:
        self.holder: Principal | None = READER
        self.asked = 0
        self.fails: Exception | None = None

    async def lookup(self, digest: bytes) -> Principal | None:
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        return self.holder if digest == digest_of("reader") else None


def nudging(bell: Bell) -> APIRouter:
    router, clients = APIRouter(), Gauge("clients", "Clients.", registry=None)
    nudges = Nudges(bell, clients, beat_seconds=BEAT, rest_seconds=0)

    @router.get("/nudges", dependencies=[Depends(needs(Right.SEE_CASES))])
    async def nudge(request: Request) -> Response:
        return nudges.stream(request)

    return router


@asynccontextmanager
async def hall(printing: Press, ring: Ring) -> AsyncIterator[House]:
    async with followed(printing) as feed:
        routers = stand(feed, beat_seconds=BEAT), nudging(printing.bell)
        async with opened(*routers, keyring=Keyring(ring.lookup)) as house:
            yield house


async def ends(answer: httpx.Response) -> str:
    """Return all that a stream still says, once it ends by itself."""
    async with asyncio.timeout(SOON):
        return "".join([part async for part in answer.aiter_text()])


def signed_out(ring: Ring) -> None:
    ring.holder = None


def of_another_role(ring: Ring) -> None:
    ring.holder = PUBLISHER


@pytest.mark.parametrize("path", STREAMS)
@pytest.mark.parametrize("loses", [signed_out, of_another_role])
async def test_a_stream_ends_soon_after_its_reader_may_not_see_it_any_more(
    printing: Press, path: str, loses: Callable[[Ring], None]
) -> None:
    ring = Ring()
    async with hall(printing, ring) as house:
        async with house.client.stream("GET", path, headers=TOKEN) as answer:
            assert answer.status_code == 200
            loses(ring)
            await ends(answer)
        again = await house.client.get(path, headers=TOKEN)
    assert again.status_code == (401 if ring.holder is None else 403)


async def test_what_is_said_after_he_signed_out_reaches_him_no_more(
    printing: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stay, "ASK_SECONDS", 0.0)
    ring = Ring()
    async with hall(printing, ring) as house:
        await printing.say(subject="before")
        async with house.client.stream("GET", STREAMS[0], headers=TOKEN) as answer:
            parts = answer.aiter_text()
            told = ""
            async with asyncio.timeout(SOON):
                while "id: 1" not in told:
                    told += await anext(parts)
            ring.holder = None
            await printing.say(3, subject="after")
            async with asyncio.timeout(SOON):
                told += "".join([part async for part in parts])
    assert "id: 2" not in told


@pytest.mark.parametrize("path", STREAMS)
async def test_a_stream_ends_when_nobody_can_say_who_its_reader_is(
    printing: Press, path: str
) -> None:
    ring = Ring()
    async with (
        hall(printing, ring) as house,
        house.client.stream("GET", path, headers=TOKEN) as answer,
    ):
        ring.fails = asyncpg.CannotConnectNowError("the database starts")
        await ends(answer)


async def test_a_stream_goes_on_and_asks_who_reads_it_once_a_second_at_most(
    printing: Press,
) -> None:
    ring = Ring()
    async with (
        hall(printing, ring) as house,
        house.client.stream("GET", STREAMS[0], headers=TOKEN) as answer,
    ):
        began = asyncio.get_running_loop().time()

        async def beaten() -> bool:
            return ring.asked >= 4

        listening = asyncio.create_task(ends(answer))
        await until(beaten)
        took = asyncio.get_running_loop().time() - began
        assert not listening.done(), "the stream of somebody who still may see it has ended"
        listening.cancel()
    assert took >= 2 * stay.ASK_SECONDS, f"asked {ring.asked} times in {took:.1f} s"
