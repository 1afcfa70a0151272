"""The last resort of a request: whatever went wrong is answered, logged once and never shown."""

import logging
import secrets

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel.web.answers import internal, is_unreachable, unavailable
from kernel.web.problem import ProblemError
from kernel.web.shell.problems import told

LOG = logging.getLogger(__name__)


class Guard:
    """ASGI middleware: turns what nobody caught into a problem, as long as nothing was sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_started = False

        async def note(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except ProblemError as error:
            problem = error
        except Exception as error:
            if is_unreachable(error):
                LOG.warning("unavailable", extra={"error": repr(error)})
                problem = unavailable()
            else:
                reference = secrets.token_hex(8)
                LOG.exception("internal error", extra={"reference": reference})
                problem = internal(reference)
        else:
            return
        if not is_started:
            await told(Request(scope), problem)(scope, receive, send)
