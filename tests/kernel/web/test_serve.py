"""Serving is a task like another: it says when it listens, and ends when it is cancelled."""

import asyncio
import signal
import socket

import httpx
import pytest
from fastapi import APIRouter, Depends
from prometheus_client import CollectorRegistry

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.app import create_app
from kernel.web.serve import serve
from tests.kernel.web.town import CLERKS, RING, opened, town


async def test_a_request_in_hand_is_answered_before_the_house_closes() -> None:
    router = APIRouter()
    entered, go = asyncio.Event(), asyncio.Event()

    @router.get("/slow", dependencies=[Depends(needs(Right.SEE_CASES))])
    async def slow() -> str:
        entered.set()
        await go.wait()
        return "done"

    async with opened(router) as house:
        asking = asyncio.create_task(house.client.get("/slow", headers=CLERKS))
        await entered.wait()
        house.serving.cancel()
        await asyncio.sleep(0)
        go.set()
        assert (await asking).json() == "done"


async def test_a_request_that_never_ends_holds_the_house_for_no_more_than_the_grace() -> None:
    router = APIRouter()
    entered = asyncio.Event()

    @router.get("/stuck", dependencies=[Depends(needs(Right.SEE_CASES))])
    async def stuck() -> None:
        entered.set()
        await asyncio.Event().wait()

    async with opened(router) as house:
        asking = asyncio.create_task(house.client.get("/stuck", headers=CLERKS))
        await entered.wait()
        house.serving.cancel()
        async with asyncio.timeout(5):
            await asyncio.wait([house.serving])
        await asyncio.wait([asking])


async def test_who_is_cancelled_twice_leaves_at_once_and_the_port_free() -> None:
    for _ in range(3):
        async with opened(town()) as house:
            house.serving.cancel()
            await asyncio.sleep(0)
            house.serving.cancel()
            await asyncio.wait([house.serving])
            with pytest.raises(httpx.ConnectError):
                await house.client.get("/livez")


async def test_after_it_was_cancelled_nobody_listens() -> None:
    async with opened(town()) as house:
        house.serving.cancel()
        await asyncio.wait([house.serving])
        assert house.serving.cancelled()
        with pytest.raises(httpx.ConnectError):
            await house.client.get("/livez")


async def test_the_signals_of_the_process_stay_with_its_owner() -> None:
    owned = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    async with opened(town()):
        assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == owned


async def test_a_port_that_is_taken_is_an_error_of_the_caller() -> None:
    app = create_app(
        title="test", routers=(), checks=(), registry=CollectorRegistry(), keyring=RING
    )
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await serve(app, "127.0.0.1", taken.getsockname()[1])


async def test_an_answer_does_not_say_what_serves_it() -> None:
    async with opened(town()) as house:
        answer = await house.client.get("/livez")
    assert "server" not in answer.headers
