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
from starlette.responses import RedirectResponse, Response

from kernel.readiness import Check
from kernel.web.access import Keyring, Needs, visitor
from kernel.web.allowance import NO_MORE, Allowances
from kernel.web.answers import of_http, of_validation
from kernel.web.body import BODY_SECONDS, Body
from kernel.web.guard import Guard
from kernel.web.headers import Headers
from kernel.web.health import CHECK_SECONDS, live, metrics, ready
from kernel.web.observed import LEFT, Observed
from kernel.web.patience import PATIENCE_SECONDS, Patience
from kernel.web.problem import MEDIA_TYPE, Problem
from kernel.web.shell.assets import asset
from kernel.web.shell.problems import told
from kernel.web.shell.shell import Pages, Shell, shell_of
from kernel.web.shell.ways import OPEN, SIGN_IN
from kernel.web.text import Text

FOR_MACHINES = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json"})
FOR_BROWSERS = frozenset({"/", "/assets/{name}"}) | OPEN

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
    pages: Sequence[Pages] = (),
    public_url: str = "",
    allowances: Allowances = NO_MORE,
    version: str = "1",
    check_seconds: float = CHECK_SECONDS,
    body_seconds: float = BODY_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
) -> FastAPI:
    """Build the web application of a service; nothing of it is shared with another.

    Every route of the routers has a `needs(...)` among its dependencies; raises
    UnguardedRouteError. `checks` decide /readyz, each within `check_seconds`; a body has to be in
    within `body_seconds`, and an answer to begin within `patience_seconds`. Requests are counted in
    `registry`; /metrics tells `others` too. Routes of `allowances` may take more.
    `public_url` is where browsers reach us by a proxy.
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
            Middleware(Headers, public_url=public_url),
            Middleware(Guard),
            Middleware(Patience, seconds=patience_seconds, allowances=allowances),
            Middleware(Text),
            Middleware(Body, seconds=body_seconds, allowances=allowances),
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
    app.state.shell = Shell(pages)
    app.state.public_url = public_url
    app.add_route("/livez", live, include_in_schema=False)
    app.add_route("/readyz", ready(checks, check_seconds), include_in_schema=False)
    app.add_route("/metrics", metrics([registry, *others]), include_in_schema=False)
    if pages:
        _open_for_browsers(app)
    for router in routers:
        app.include_router(router)
    _make_sure_of_guards(app)
    return app


def _open_for_browsers(app: FastAPI) -> None:
    app.add_route("/", _home, include_in_schema=False)
    app.add_route("/assets/{name}", asset, include_in_schema=False)


def _make_sure_of_guards(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        if route.path not in FOR_MACHINES | FOR_BROWSERS and not _is_guarded(route):
            raise UnguardedRouteError(f"{route.path} has no needs(...)")


def _is_guarded(route: RouteContext) -> bool:
    # a mount or a websocket has no dependant: nobody could say what it needs
    dependant = getattr(route, "dependant", None)
    return isinstance(dependant, Dependant) and _has_needs(dependant)


def _has_needs(dependant: Dependant) -> bool:
    return isinstance(dependant.call, Needs) or any(map(_has_needs, dependant.dependencies))


async def _home(request: Request) -> Response:
    principal = await visitor(request)
    home = SIGN_IN if principal is None else shell_of(request).home(principal)
    return RedirectResponse(home, 303)


async def _refused(request: Request, error: HTTPException) -> Response:
    return told(request, of_http(error))


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    return told(request, of_validation(error))


async def _left(_: Request, __: ClientDisconnect) -> Response:
    return Response(status_code=LEFT)
