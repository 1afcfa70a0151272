"""What is told of every request: one line in the log, one count, one time taken."""

import logging
import re
from collections.abc import Iterable, Mapping
from time import perf_counter

from fastapi.routing import iter_route_contexts
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger(__name__)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "-"
LEFT = 499
"""The status of a request whose caller left before it was answered."""

_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Observed:
    """ASGI middleware: notes the template of the route, never an address, a query or a body."""

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        self._templates: Mapping[object, str] = {}
        self._requests = Counter(
            "xiaoneng_http_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "xiaoneng_http_request_seconds",
            "Time until a request was answered in full.",
            ("route",),
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = LEFT
        began = perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            self._tell(scope, status, perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        # any other word would be the caller's own, and a series of its own
        method = scope["method"] if scope["method"] in METHODS else UNKNOWN
        route = self._template(scope)
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        fields = {
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        LOG.info("request", extra={**fields, **_trace(scope["headers"])})

    def _template(self, scope: Scope) -> str:
        """Return the path of the route with the names of its parameters, as it was declared."""
        if not self._templates:
            self._templates = _templates(scope["app"].routes)
        return self._templates.get(scope.get("endpoint"), UNKNOWN)


def _templates(routes: Iterable[BaseRoute]) -> Mapping[object, str]:
    contexts = iter_route_contexts(list(routes))
    return {context.endpoint: context.path or UNKNOWN for context in contexts}


def _trace(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    for name, value in headers:
        if name == b"traceparent" and (found := _TRACEPARENT.fullmatch(value)):
            return {"trace": found[1].decode()}
    return {}
