"""A session or token opens nothing once it has ended: not again, not elsewhere, not live."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import httpx
import pytest

from kernel.access.account import Resume, Suspend
from kernel.access.accounts import carry_out, set_password
from kernel.access.passwords import Passwords
from kernel.access.policy import Role
from kernel.access.principal import Grant, by_hand
from kernel.access.tokens import revoke
from tests.system.access import let_in
from tests.system.hostile.town import Town, browser, moment
from tests.system.stack import Process
from tests.waiting import until

BY = by_hand("test")
OFFICE = Grant(role=Role.OFFICE)
REPLAY_SECONDS = 2.0
"""How long another process may let somebody in who was shut out."""

STREAM_SECONDS = 10.0
WORDS = "correct horse battery staple 7"
STREAMS = ("/judgements/stream", "/console/stream")


@pytest.fixture(scope="module")
async def other(town: Town) -> Process:
    """Return another process of the same city."""
    return await town.another()


async def with_password(town: Town, name: str) -> None:
    """Open an account whose holder has changed his password already."""
    await town.secret(name, OFFICE)
    access, digest = await town.access(), await Passwords().digest(WORDS)
    await set_password(access, name, digest, is_generated=False, now=moment(), by=BY)
    await access.close()


async def sign_in(visitor: httpx.AsyncClient, name: str, **more: str) -> httpx.Response:
    form = {"account": name, "password": WORDS, **more}
    return await visitor.post("/sign-in", data=form)


async def is_in(process: Process, secret: str, cookie: str = "xiaoneng") -> bool:
    async with browser(process, {cookie: secret}) as visitor:
        visitor.headers["Accept"] = "application/json"
        answer = await visitor.get("/console/account")
        assert answer.status_code in (200, 401, 403), answer.text
        return answer.status_code == 200


async def shut_out_within_two_seconds(process: Process, secret: str) -> None:
    ticks = asyncio.get_running_loop().time
    began = ticks()

    async def is_out() -> bool:
        return not await is_in(process, secret)

    await until(is_out)
    assert ticks() - began < REPLAY_SECONDS + 1, "the other process let him in for too long"


async def test_what_a_browser_held_before_it_signed_in_opens_nothing_afterwards(
    town: Town,
) -> None:
    await with_password(town, "fixed")
    planted = await town.secret("planter", Grant(role=Role.LEADER))
    for before in ("chosen-by-the-attacker", planted):
        async with browser(town.doors, {"xiaoneng": before}) as visitor:
            answer = await sign_in(visitor, "fixed")
            assert answer.status_code == 303
            given = answer.cookies["xiaoneng"]
        assert given != before
        assert len(given) >= 43, "256 random bits"
        assert await is_in(town.doors, given)
        assert not await is_in(town.doors, before), "the planted cookie is good for the attacker"


async def test_a_session_is_taken_from_no_address_and_no_form(town: Town) -> None:
    secret = await town.secret("visitor", OFFICE)
    async with browser(town.doors) as stranger:
        for name in ("xiaoneng", "session", "token", "access_token"):
            answer = await stranger.get("/console/account", params={name: secret})
            assert answer.status_code == 303
            assert secret not in answer.headers.get("set-cookie", "")


async def test_the_cookie_is_kept_from_scripts_and_other_hosts(town: Town) -> None:
    await with_password(town, "keeper")
    async with browser(town.doors) as visitor:
        told = (await sign_in(visitor, "keeper")).headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "domain=" not in told
    assert "path=/" in told


async def test_behind_tls_only_a_cookie_of_this_very_host_counts(town: Town) -> None:
    await with_password(town, "afar")
    secure = await town.another(XIAONENG_PUBLIC_URL="https://console.city.example")
    async with browser(secure) as visitor:
        visitor.headers["Origin"] = "https://console.city.example"
        answer = await sign_in(visitor, "afar")
    assert answer.status_code == 303, answer.text
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-xiaoneng"
    assert "secure" in rest.lower()
    secret = rest.partition(";")[0]
    assert await is_in(secure, secret, "__Host-xiaoneng")
    assert not await is_in(secure, secret, "xiaoneng"), "another subdomain may set that one"
    secure.kill()


async def leaves(town: Town, secret: str) -> None:
    async with browser(town.doors, {"xiaoneng": secret}) as visitor:
        assert (await visitor.post("/sign-out")).status_code == 303


async def leaves_everywhere(town: Town, secret: str) -> None:
    async with browser(town.doors, {"xiaoneng": secret}) as visitor:
        answer = await visitor.post("/console/account/sign-out-everywhere")
        assert answer.status_code == 303


async def is_suspended(town: Town, _: str) -> None:
    access = await town.access()
    await carry_out(access, Suspend(name="replayed"), now=moment(), by=BY)
    await access.close()


async def gets_another_password(town: Town, _: str) -> None:
    await with_password(town, "replayed")


ENDS: dict[str, Callable[[Town, str], Awaitable[None]]] = {
    "signing out": leaves,
    "signing out everywhere": leaves_everywhere,
    "another password": gets_another_password,
    "suspension": is_suspended,
}


@pytest.mark.parametrize("what", ENDS)
async def test_the_cookie_of_a_session_that_ended_opens_nothing_in_any_process(
    town: Town, other: Process, what: str
) -> None:
    secret = await town.secret("replayed", OFFICE)
    assert await is_in(town.doors, secret)
    assert await is_in(other, secret)
    await ENDS[what](town, secret)
    if what.startswith("signing out"):
        assert not await is_in(town.doors, secret), "the very process that ended it"
    await shut_out_within_two_seconds(other, secret)
    await shut_out_within_two_seconds(town.doors, secret)


async def test_a_revoked_token_opens_nothing_in_any_process(town: Town, other: Process) -> None:
    await let_in(town.city.postgres.url(), "short-lived", name="short", grants=(OFFICE,))

    async def out_of(process: Process) -> bool:
        async with process.client("short-lived") as program:
            return (await program.get("/cases")).status_code == 401

    assert not await out_of(town.doors)
    assert not await out_of(other)
    access = await town.access()
    await revoke(access, "short", now=moment(), by=BY)
    await access.close()
    ticks = asyncio.get_running_loop().time
    for process in (town.doors, other):
        began = ticks()
        await until(partial(out_of, process))
        assert ticks() - began < REPLAY_SECONDS + 1


async def ends(answer: httpx.Response) -> None:
    """Wait until a stream ends by itself."""
    async with asyncio.timeout(STREAM_SECONDS):
        async for _ in answer.aiter_bytes():
            pass


@pytest.mark.parametrize("path", STREAMS)
@pytest.mark.parametrize("what", ["signing out", "suspension"])
async def test_a_live_stream_ends_with_its_session_in_any_process(
    town: Town, other: Process, path: str, what: str
) -> None:
    await resumed(town)
    secret = await town.secret("replayed", OFFICE)
    for process in (town.doors, other):
        assert await is_in(process, secret)
    async with (
        browser(town.doors, {"xiaoneng": secret}) as here,
        browser(other, {"xiaoneng": secret}) as there,
        here.stream("GET", path) as near,
        there.stream("GET", path) as far,
    ):
        assert (near.status_code, far.status_code) == (200, 200)
        await ENDS[what](town, secret)
        await ends(near)
        await ends(far)
        assert (await there.get(path, headers={"Accept": "*/*"})).status_code == 401


async def resumed(town: Town) -> None:
    access = await town.access()
    await carry_out(access, Resume(name="replayed"), now=moment(), by=BY)
    await access.close()
