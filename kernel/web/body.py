"""Let in bodies of a size that the bus could carry too, and callers who send them in time."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.streams import LARGEST_MESSAGE
from kernel.web.allowance import NO_MORE, Allowances
from kernel.web.problem import ProblemError

LARGEST_BODY = LARGEST_MESSAGE
BODY_SECONDS = 30.0


class Body:
    """ASGI middleware: refuses a body as soon as it says or shows that it is too much."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        largest: int = LARGEST_BODY,
        seconds: float = BODY_SECONDS,
        allowances: Allowances = NO_MORE,
    ) -> None:
        self._app = app
        self._largest = largest
        self._seconds = seconds
        self._allowances = allowances

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises 413 `too-large`, also where the application reads the body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        allowed = self._allowances.get(scope["path"])
        largest = self._largest if allowed is None else allowed.largest
        if _announced(scope) > largest:
            raise _too_large(largest)
        seconds = self._seconds if allowed is None else allowed.body_seconds
        inlet = _Inlet(receive, send, largest, seconds)
        await self._app(scope, inlet.receive, inlet.send)


class _Inlet:
    """The body of one request, as far as it came."""

    def __init__(self, receive: Receive, send: Send, largest: int, seconds: float) -> None:
        self._receive = receive
        self._send = send
        self._largest = largest
        self._size = 0
        self._deadline = asyncio.get_running_loop().time() + seconds
        # once the body is in, or the answer begun, waiting means waiting for the caller to leave
        self._is_over = False

    async def receive(self) -> Message:
        if self._is_over:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise _too_slow() from None
        self._size += len(message.get("body", b""))
        if self._size > self._largest:
            raise _too_large(self._largest)
        self._is_over = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        self._is_over = True
        await self._send(message)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # the server lets nothing but digits pass
    return 0


def _too_large(largest: int) -> ProblemError:
    return ProblemError(
        413,
        "too-large",
        title="内容过大",
        detail=f"请求内容超过 {largest} 字节的上限。",
        fix="请分成几次提交。",
    )


def _too_slow() -> ProblemError:
    return ProblemError(
        408,
        "too-slow",
        title="接收超时",
        detail="请求内容没有在规定时间内传完，未作处理。",
        fix="请检查网络后重新提交。",
        headers={"Connection": "close"},
    )
