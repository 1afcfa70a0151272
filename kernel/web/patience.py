"""Answer in time: who waits for something that has stalled is told so, and need not wait for it."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel.web.allowance import NO_MORE, Allowances
from kernel.web.answers import unavailable

PATIENCE_SECONDS = 40.0
"""Longer than a body may take to come in."""


class Patience:
    """ASGI middleware: raises 503 `unavailable` where no answer has begun in time.

    The work is given up but not waited for: to cancel a query of a database that has stalled takes
    as long as the database does.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        seconds: float = PATIENCE_SECONDS,
        allowances: Allowances = NO_MORE,
    ) -> None:
        self._app = app
        self._seconds = seconds
        self._allowances = allowances
        self._given_up: set[asyncio.Future[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises what the work raises."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        allowed = self._allowances.get(scope["path"])
        seconds = self._seconds if allowed is None else allowed.patience_seconds
        begun = asyncio.Event()
        is_given_up = False

        async def note(message: Message) -> None:
            if not is_given_up:
                begun.set()
                await send(message)

        work = asyncio.ensure_future(self._app(scope, receive, note))
        try:
            await asyncio.wait({work}, timeout=seconds)
            if not work.done() and not begun.is_set():
                is_given_up = True
                self._give_up(work)
                raise unavailable()
            await work
        finally:
            if not is_given_up and not work.done():
                work.cancel()
                await asyncio.wait({work})

    def _give_up(self, work: "asyncio.Future[None]") -> None:
        work.cancel()
        self._given_up.add(work)
        work.add_done_callback(self._forget)

    def _forget(self, work: "asyncio.Future[None]") -> None:
        self._given_up.discard(work)
        if not work.cancelled():
            work.exception()  # nobody is left who could be told
