"""The web shell of a service: its routers behind doors that are the same everywhere."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import RouteContext, iter_route_contexts
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from kernel.readiness import Check
from kernel.web.access import Keyring, Needs
from kernel.web.answers import of_http, of_validation
from kernel.web.body import BODY_SECONDS, Body
from kernel.web.guard import Guard
from kernel.web.health import CHECK_SECONDS, live, metrics, ready
from kernel.web.observed import LEFT, Observed
from kernel.web.problem import MEDIA_TYPE, Problem
from kernel.web.text import Text

OPEN = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json"})

PROBLEM: dict[str, Any] = {
    "description": "a problem; its code is stable",
    "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
}


class UnguardedRouteError(Exception):
    """A route that lets in anybody; the message names it."""


def create_app(
    *,
    title: str,
    routers: Sequence[APIRouter],
    checks: Sequence[Check],
    registry: CollectorRegistry,
    keyring: Keyring,
    others: Sequence[CollectorRegistry] = (),
    version: str = "1",
    check_seconds: float = CHECK_SECONDS,
    body_seconds: float = BODY_SECONDS,
) -> FastAPI:
    """Build the web application of a service; nothing of it is shared with another.

    Every route of the routers has a `needs(...)` among its dependencies; raises
    UnguardedRouteError. `checks` decide /readyz, each within `check_seconds`; a body has to be in
    within `body_seconds`. Requests are counted in `registry`; /metrics tells `others` too.
    """
    app = FastAPI(
        title=title,
        version=version,
        docs_url=None,  # its page would load scripts from a CDN
        redoc_url=None,
        responses={"default": PROBLEM},
        redirect_slashes=False,  # a redirect would be made of the Host header
        middleware=[
            Middleware(Observed, registry=registry),
            Middleware(Guard),
            Middleware(Text),
            Middleware(Body, seconds=body_seconds),
        ],
        exception_handlers={
            HTTPException: _refused,
            RequestValidationError: _invalid,
            ClientDisconnect: _left,
        },
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.keyring = keyring
    app.state.streams = set()
    app.add_route("/livez", live, include_in_schema=False)
    app.add_route("/readyz", ready(checks, check_seconds), include_in_schema=False)
    app.add_route("/metrics", metrics([registry, *others]), include_in_schema=False)
    for router in routers:
        app.include_router(router)
    _make_sure_of_guards(app)
    return app


def _make_sure_of_guards(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        if route.path not in OPEN and not _is_guarded(route):
            raise UnguardedRouteError(f"{route.path} has no needs(...)")


def _is_guarded(route: RouteContext) -> bool:
    # a mount or a websocket has no dependant: nobody could say what it needs
    dependant = getattr(route, "dependant", None)
    return isinstance(dependant, Dependant) and _has_needs(dependant)


def _has_needs(dependant: Dependant) -> bool:
    return isinstance(dependant.call, Needs) or any(map(_has_needs, dependant.dependencies))


async def _refused(_: Request, error: HTTPException) -> Response:
    return of_http(error).answer()


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    return of_validation(error).answer()


async def _left(_: Request, __: ClientDisconnect) -> Response:
    return Response(status_code=LEFT)
