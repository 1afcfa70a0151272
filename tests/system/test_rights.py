"""Every route of the complete application, and who may come in: this table, and the code's own."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION, EVALUATION
from kernel.access.policy import BOUND_TO_UNITS, POLICY, Right, Role
from kernel.access.principal import Grant
from kernel.reception.main import opened as reception
from kernel.reception.settings import from_environment as access_from
from kernel.service import application
from kernel.web.access import Needs
from kernel.web.serve import serve
from services.electronic_supervision.main import opened as supervision
from services.electronic_supervision.settings import from_environment as supervision_from
from services.evaluation.main import opened as evaluation
from services.evaluation.settings import from_environment as evaluation_from
from tests.system.access import let_in, signed_in
from tests.system.conftest import shared_city, shared_folder
from tests.system.stack import Stack

__all__ = ["shared_city", "shared_folder"]

R = Right
ANYBODY = {
    "GET /",
    "GET /assets/{name}",
    "GET /livez",
    "GET /metrics",
    "GET /openapi.json",
    "GET /readyz",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-out",
}
"""What shows nothing of the city, or lets people in."""

BY_RIGHT: Mapping[Right, str] = {
    R.SEE_CASES: """
        GET /cases
        GET /cases/{case}
        GET /cases/{case}/clocks
        GET /cases/{case}/explanation
        GET /cases/{case}/judgements
        GET /cases/{case}/timeline
        GET /console
        GET /console/alerts
        GET /console/alerts/known
        GET /console/cases
        GET /console/cases/{case}
        GET /console/cases/{case}/brief
        GET /console/leads
        GET /console/leads/{finding}
        GET /console/stream
        GET /findings
        GET /findings/{finding}
        GET /judgements
        GET /judgements/{judgement}
    """,
    R.FOLLOW_JUDGEMENTS: "GET /judgements/stream",
    R.SEE_CALENDAR: "GET /console/calendar",
    R.SEE_SOURCES: """
        GET /console/connectors
        GET /console/connectors/runs/{number}
        GET /console/partners
        GET /console/quarantine
        GET /console/quarantine/{message}
        GET /console/sources
        GET /console/sources/unknown-units
        GET /quarantine
        GET /sources
    """,
    R.SETTLE_MESSAGES: """
        POST /console/quarantine/{message}/discard
        POST /console/quarantine/{message}/resubmit
        POST /quarantine/{message}/discard
        POST /quarantine/{message}/resubmit
    """,
    R.REPORT_EVENTS: "POST /events",
    R.TRY_EVENTS: """
        GET /console/try
        POST /console/try
        POST /events/try
    """,
    R.SEE_REGISTER: """
        GET /console/register
        GET /console/register/people/{code:path}
        GET /console/register/posts/{code:path}
        GET /console/register/sections/{code:path}
        GET /console/register/units/{unit_code:path}
        GET /people
        GET /people/{code}
        GET /people/{code}/history
        GET /posts
        GET /posts/{code}
        GET /posts/{code}/history
        GET /register/export
        GET /sections
        GET /sections/{code}
        GET /sections/{code}/history
        GET /units
        GET /units/{code}
        GET /units/{code}/history
    """,
    R.KEEP_REGISTER: """
        GET /console/register/act/{slug}
        GET /console/register/aliases
        GET /console/register/import
        POST /console/register/act/{slug}
        POST /console/register/import
        POST /console/register/preview
        POST /people/{code}/leave
        POST /people/{code}/move
        POST /people/{code}/rename
        POST /posts/{code}/abolish
        POST /posts/{code}/appoint
        POST /posts/{code}/away
        POST /posts/{code}/back
        POST /posts/{code}/relieve
        POST /posts/{code}/rename
        POST /register/import
        POST /register/preview
        POST /sections/{code}/close
        POST /sections/{code}/rename
        POST /units/{code}/aliases
        POST /units/{code}/aliases/remove
        POST /units/{code}/close
        POST /units/{code}/regroup
        POST /units/{code}/rename
        PUT /people/{code}
        PUT /posts/{code}
        PUT /sections/{code}
        PUT /units/{code}
    """,
    R.SEE_CATALOGUE: """
        GET /catalogue/compression
        GET /console/catalogue
        GET /console/catalogue/compression
        GET /console/catalogue/items/{code:path}
        GET /catalogue/export
        GET /items
        GET /items/{code}
        GET /items/{code}/history
        GET /console/registers
        GET /console/rules
        GET /console/rules/{id_}
        GET /console/rehearsals
        GET /console/rehearsals/{id_}
        GET /console/registers/{kind}/{code:path}
        GET /registers/export
        GET /registers/{kind}
        GET /registers/{kind}/{code}
        GET /registers/{kind}/{code}/history
        GET /rules
        GET /rules/{rule}
    """,
    R.KEEP_CATALOGUE: """
        GET /console/catalogue/edit
        GET /console/rules/draft
        POST /console/rules/draft
        POST /console/rules/{id_}/activate
        POST /console/rules/{id_}/rehearse
        POST /console/rules/{id_}/retire
        POST /console/rules/{id_}/shadow
        GET /console/catalogue/import
        POST /catalogue/import
        POST /console/catalogue/aliases
        POST /console/catalogue/aliases/remove
        POST /console/catalogue/edit
        POST /console/catalogue/import
        POST /console/catalogue/preview
        POST /console/catalogue/withdraw
        POST /catalogue/preview
        POST /items/{code}/aliases
        POST /items/{code}/aliases/remove
        POST /items/{code}/revise
        POST /items/{code}/withdraw
        PUT /items/{code}
        GET /console/registers/act/{slug}
        GET /console/registers/import
        POST /console/registers/act/{slug}
        POST /console/registers/import
        POST /console/registers/preview
        POST /registers/import
        POST /registers/preview
        POST /registers/discretion-band/{code}/repeal-bands
        POST /registers/discretion-band/{code}/revise-bands
        POST /registers/discretion-band/{code}/set-bands
        POST /registers/green-card/{code}/grant
        POST /registers/green-card/{code}/rename
        POST /registers/green-card/{code}/renew
        POST /registers/green-card/{code}/resume
        POST /registers/green-card/{code}/suspend
        POST /registers/green-card/{code}/withdraw-card
        POST /registers/inspection-approval/{code}/approve
        POST /registers/inspection-approval/{code}/correct
        POST /registers/inspection-approval/{code}/revoke
        POST /registers/inspection-quota/{code}/except
        POST /registers/inspection-quota/{code}/lift
        POST /registers/inspection-quota/{code}/set-quota
        POST /registers/inspection-quota/{code}/withdraw-quota
        POST /registers/service-chain/{code}/publish-chain
        POST /registers/service-chain/{code}/revise-chain
        POST /registers/service-chain/{code}/withdraw-chain
    """,
    R.KEEP_ACCOUNTS: """
        GET /console/accounts
        GET /console/accounts/{name}
        GET /console/tokens
        POST /console/accounts
        POST /console/accounts/{name}/grants
        POST /console/accounts/{name}/identity
        POST /console/accounts/{name}/no-identity
        POST /console/accounts/{name}/password
        POST /console/accounts/{name}/resume
        POST /console/accounts/{name}/suspend
        POST /console/tokens
        POST /console/tokens/{token}/revoke
    """,
    R.SEE_AUDIT: """
        GET /console/audit
        GET /console/audit.csv
    """,
    R.KEEP_OWN_ACCOUNT: """
        GET /console/account
        GET /console/account/password
        POST /console/account/password
        POST /console/account/sign-out-everywhere
    """,
}
"""Which routes a right opens; a new route gets its line here."""

TABLE = {
    route.strip(): right
    for right, lines in BY_RIGHT.items()
    for route in lines.strip().splitlines()
}
NOBODY = "nobody"
UNIT, SOURCE = "340200-housing", "/wuhu/administrative-approval"
EVERYTHING = ("organisation.all", "supervision.all")
MACHINES = {Role.PUBLISHER, Role.SUBSCRIBER}
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)

Tokens = Mapping[Role, str]


@dataclass(frozen=True, slots=True)
class House:
    """The complete application, and how to knock at it."""

    app: FastAPI
    client: httpx.AsyncClient


@pytest.fixture(scope="module")
async def house(shared_city: Stack) -> AsyncIterator[House]:
    """Serve all services in one application, as `xiaoneng up` does."""
    assert shared_city.report is not None
    access = shared_city.report.access
    environments = {
        tenancy.name: {
            "XIAONENG_POSTGRES_URL": access[tenancy.name].postgres_url,
            "XIAONENG_NATS_URL": access[tenancy.name].nats_url or "",
            "XIAONENG_ACCESS_URL": access[ACCESS.name].postgres_url,
        }
        for tenancy in (ELECTRONIC_SUPERVISION, EVALUATION, ACCESS)
    }
    async with AsyncExitStack() as stack:
        services = [
            await stack.enter_async_context(opened)
            for opened in (
                supervision(
                    supervision_from(environments[ELECTRONIC_SUPERVISION.name]),
                    clock=lambda: NOW,
                    holder="rights",
                ),
                evaluation(
                    evaluation_from(environments[EVALUATION.name]),
                    clock=lambda: NOW,
                    holder="rights",
                ),
                reception(access_from(environments[ACCESS.name]), clock=lambda: NOW),
            )
        ]
        yield await stack.enter_async_context(served(application(services, title="rights")))


@pytest.fixture(scope="module")
async def machines(shared_city: Stack) -> Tokens:
    """Return a token for each role of machines."""
    url, tokens = shared_city.postgres.url(), {}
    for role in MACHINES:
        source = SOURCE if role is Role.PUBLISHER else None
        subscribes = EVERYTHING if role is Role.SUBSCRIBER else ()
        token = tokens[role] = f"token of {role.value}"
        grants = (Grant(role=role),)
        await let_in(
            url, token, name=role.value, grants=grants, source=source, subscribes=subscribes
        )
    return tokens


@pytest.fixture
async def tokens(shared_city: Stack, machines: Tokens) -> Tokens:
    """Return what shows that somebody has a role, for each; people have just signed in."""
    url = shared_city.postgres.url()
    people = {
        role: await signed_in(
            url,
            role.value,
            Grant(role=role, unit=UNIT if role in BOUND_TO_UNITS else None),
            now=NOW,
        )
        for role in set(Role) - MACHINES
    }
    return {**people, **machines}


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[House]:
    """Serve an application on a free port for the length of the block."""
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=listening.set_result))
    try:
        url = f"http://127.0.0.1:{await listening}"
        async with httpx.AsyncClient(base_url=url, timeout=20) as client:
            yield House(app=app, client=client)
    finally:
        serving.cancel()
        await asyncio.wait([serving])


def routes(app: FastAPI) -> Mapping[str, RouteContext]:
    """Return all routes by method and path, in the order of their paths."""
    found = {
        f"{method} {route.path}": route
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if method != "HEAD"
    }
    return dict(sorted(found.items(), key=lambda each: each[0].split()[::-1]))


def needed(dependant: Dependant) -> Iterator[Right]:
    """Yield the rights that a route needs, wherever in its dependencies."""
    if isinstance(dependant.call, Needs):
        yield dependant.call.right
    for each in dependant.dependencies:
        yield from needed(each)


async def knock(house: House, route: str, token: str | None) -> tuple[int, str]:
    """Knock at a route as a program does, with nothing in hand but a token."""
    method, path = route.split()
    path = re.sub("{[^}]+}", "nothing", path)
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with house.client.stream(method, path, headers=headers) as answer:
        if answer.status_code < 400:
            return answer.status_code, ""  # a stream would not end
        return answer.status_code, (await answer.aread()).decode()


def test_every_route_has_a_line_in_this_table(house: House) -> None:
    missing = routes(house.app).keys() - TABLE.keys() - ANYBODY
    assert missing == set(), f"say in this table who may come in: {sorted(missing)}"
    gone = (TABLE.keys() | ANYBODY) - routes(house.app).keys()
    assert gone == set(), f"in this table, and nowhere else: {sorted(gone)}"


@pytest.mark.parametrize("route", TABLE)
def test_a_route_needs_the_right_of_this_table_and_no_other(house: House, route: str) -> None:
    dependant = getattr(routes(house.app)[route], "dependant", None)
    assert isinstance(dependant, Dependant)
    assert set(needed(dependant)) == {TABLE[route]}, route


@pytest.mark.parametrize("route", TABLE)
async def test_only_the_roles_of_the_policy_come_in(
    house: House, tokens: Tokens, route: str
) -> None:
    for token in (None, NOBODY):
        status, _ = await knock(house, route, token)
        assert status == 401, f"{route} lets in somebody with {token or 'no'} token"
    for role, token in tokens.items():
        status, told = await knock(house, route, token)
        if role in POLICY[TABLE[route]]:
            assert status not in {401, 403}, f"{route} keeps {role.value} out: {told}"
            assert status < 500, f"{route} fails for {role.value}: {told}"
        else:
            assert status == 403, f"{route} answers {role.value}, who may not: {status}"
            assert '"code":"forbidden"' in told, f"{route} refuses {role.value} for another reason"


@pytest.mark.parametrize("route", sorted(ANYBODY))
async def test_what_lets_people_in_asks_nobody_who_he_is(house: House, route: str) -> None:
    _, told = await knock(house, route, None)
    assert '"unauthenticated"' not in told, f"{route} wants to know who asks"
    assert '"forbidden"' not in told, f"{route} wants a right"
