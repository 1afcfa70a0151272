"""A connection that is not held for ever by a caller who sends or takes nothing."""

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kernel.web.problem import ProblemError

HEAD_SECONDS = 10.0
"""For the head of a request to arrive, or for the rest of a body nobody wants."""
STALL_SECONDS = 10.0
"""For a caller to take something of what waits for it."""
PIECE = 1 << 14


class Connection(H11Protocol):
    """HTTP/1.1 of uvicorn, which by itself waits for ever and answers nonsense in plain text."""

    _idle: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the caller some time to ask."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._stop_idle()
        self._stop_stall()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrived in pieces, since the largest head is only minded in one that lacks."""
        for begin in range(0, len(data), PIECE):
            if not self.transport.is_closing():
                super().data_received(data[begin : begin + PIECE])

    def handle_events(self) -> None:
        """Work on what arrived, and look whether we wait for the caller again."""
        super().handle_events()
        self._watch()

    def pause_writing(self) -> None:
        """Give the caller some time to take what is sent."""
        super().pause_writing()
        self._stall = self.loop.call_later(STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the caller took something."""
        self._stop_stall()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with a problem, if an answer can still be told from another."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        answer = _not_http().answer()
        head = h11.Response(
            status_code=400,
            reason=msg.encode(),
            headers=answer.raw_headers,
        )
        for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """Time the caller only while nothing is asked of us; bytes that trickle in win nothing."""
        is_asked = self.conn.our_state in (h11.SEND_RESPONSE, h11.SEND_BODY)
        is_between = self.timeout_keep_alive_task is not None
        if is_asked or is_between or self.transport.is_closing():
            self._stop_idle()
        elif self._idle is None:
            self._idle = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _stop_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None


def _not_http() -> ProblemError:
    return ProblemError(
        400,
        "malformed-request",
        title="请求不能读取",
        detail="收到的不是有效的 HTTP 请求，或者请求头过大。",
        fix="请检查客户端或者代理的设置，并减小请求头。",
        headers={"Connection": "close"},
    )
