"""Nobody comes in without a token that may do what the route needs."""

from collections.abc import Callable
from typing import Annotated

import asyncpg
import pytest
from fastapi import APIRouter, Depends, WebSocket
from prometheus_client import CollectorRegistry
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.access.principal import Caller, Principal
from kernel.web.access import Keyring, needs
from kernel.web.app import UnguardedRouteError, create_app
from tests.kernel.web.town import CLERKS, READERS, RING, opened, town


def built(*routers: APIRouter) -> None:
    create_app(title="test", routers=routers, checks=(), registry=CollectorRegistry(), keyring=RING)


async def hello() -> str:
    return "hello"


async def greet(socket: WebSocket) -> None:
    await socket.accept()


def plain(router: APIRouter) -> None:
    router.get("/open")(hello)


def hidden(router: APIRouter) -> None:
    router.get("/open", include_in_schema=False)(hello)


def nested(router: APIRouter) -> None:
    inner = APIRouter()
    inner.get("/open")(hello)
    router.include_router(inner, prefix="/deep")


def socket(router: APIRouter) -> None:
    router.websocket("/open")(greet)


def mount(router: APIRouter) -> None:
    router.mount("/open", Response("hello"))


def starlette(router: APIRouter) -> None:
    router.add_route("/open", lambda _: Response("hello"))


@pytest.mark.parametrize("add", [plain, hidden, nested, socket, mount, starlette])
def test_an_application_with_a_route_that_lets_in_anybody_is_never_built(
    add: Callable[[APIRouter], None],
) -> None:
    router = town()
    add(router)
    with pytest.raises(UnguardedRouteError, match="/open"):
        built(router)


def test_a_need_of_the_router_of_a_route_or_of_its_dependency_is_enough() -> None:
    by_router = APIRouter(dependencies=[Depends(needs(Right.SEE_CASES))])
    by_router.get("/a")(hello)

    async def holder(who: Annotated[Caller, Depends(needs(Right.SEE_CASES))]) -> str:
        return who.name

    by_dependency = APIRouter()
    by_dependency.get("/b", dependencies=[Depends(holder)])(hello)
    built(by_router, by_dependency)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer CLERK"},
        {"Authorization": "Basic clerk"},
        {"Authorization": "clerk"},
        {"Cookie": "Authorization=clerk"},
    ],
)
async def test_who_shows_no_valid_token_is_unauthenticated(headers: dict[str, str]) -> None:
    async with opened(town()) as house:
        answer = await house.client.get("/v1/cases/7", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert "wrong" not in answer.text


async def test_who_may_not_do_what_a_route_needs_is_forbidden() -> None:
    async with opened(town()) as house:
        answer = await house.client.post("/v1/raw", content=b"x", headers=READERS)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_route_knows_who_came_in() -> None:
    async with opened(town()) as house:
        answer = await house.client.get("/v1/cases/7", headers=CLERKS)
    assert answer.json() == {"number": 7, "holder": "综合窗口"}


async def test_only_the_digest_of_a_token_is_looked_up() -> None:
    asked: list[bytes] = []

    async def lookup(digest: bytes) -> Principal | None:
        asked.append(digest)
        return None

    async with opened(town(), keyring=Keyring(lookup)) as house:
        await house.client.get("/v1/cases/7", headers=CLERKS)
    assert len(asked) == 1
    assert len(asked[0]) == 32
    assert b"clerk" not in asked[0]


async def test_nobody_comes_in_while_the_tokens_cannot_be_looked_up() -> None:
    async def lookup(_: bytes) -> Principal | None:
        raise asyncpg.ConnectionDoesNotExistError("connection was closed")

    async with opened(town(), keyring=Keyring(lookup)) as house:
        answer = await house.client.get("/v1/cases/7", headers=CLERKS)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_the_description_of_the_doors_says_that_they_take_tokens() -> None:
    async with opened(town()) as house:
        told = (await house.client.get("/openapi.json")).json()
    assert told["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert told["paths"]["/v1/cases/{number}"]["get"]["security"] == [{"HTTPBearer": []}]
    assert "/livez" not in told["paths"]


async def test_the_description_of_the_doors_says_what_every_refusal_looks_like() -> None:
    async with opened(town()) as house:
        told = (await house.client.get("/openapi.json")).json()
    for path, method in (("/v1/cases/{number}", "get"), ("/v1/cases", "post"), ("/v1/raw", "post")):
        answers = told["paths"][path][method]["responses"]
        assert set(answers) == {"200", "default"}, "another shape than ours is promised"
        (media, body), *others = answers["default"]["content"].items()
        assert (media, others) == ("application/problem+json", [])
        assert {"code", "title", "fix"} <= set(body["schema"]["required"])
