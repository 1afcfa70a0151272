"""Tell pages that something has changed, and leave it to them to ask what."""

import asyncio
from collections.abc import AsyncIterator

from prometheus_client import Gauge
from starlette.requests import Request
from starlette.responses import StreamingResponse

from kernel.bell import LOST, Bell, Ear
from kernel.web.access import visit_of
from kernel.web.sse import BEAT_SECONDS, HEADERS, HELLO
from kernel.web.stay import Stay

REST_SECONDS = 0.25
CHANGED = b"event: changed\ndata: {}\n\n"
BEAT = b":\n\n"


class Nudges:
    """Server-sent events without content: a page that comes, or comes again, is told to ask anew.

    So nothing is lost or doubled by a lost connection, and however much happens, nobody asks more
    often than every `rest_seconds`; the last change is never left out.
    """

    def __init__(
        self,
        bell: Bell,
        clients: Gauge,
        *,
        beat_seconds: float = BEAT_SECONDS,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._bell = bell
        self._clients = clients
        self._beat_seconds = beat_seconds
        self._rest_seconds = rest_seconds
        self._ears: set[Ear] = set()
        self._is_closed = False

    def stream(self, request: Request) -> StreamingResponse:
        """Answer with a nudge at once, and after every change, as long as who asks may see it."""
        stay = Stay(visit_of(request))
        request.app.state.streams.add(self)  # serve() closes it, or it would wait for the page
        return StreamingResponse(
            self._frames(stay), media_type="text/event-stream", headers=HEADERS
        )

    def close(self) -> None:
        """Let every stream end."""
        self._is_closed = True
        for ear in self._ears:
            ear.note()

    async def _frames(self, stay: Stay) -> AsyncIterator[bytes]:
        yield HELLO
        with self._clients.track_inprogress(), self._bell.ear() as ear:
            self._ears.add(ear)
            try:
                yield CHANGED
                while not self._is_closed:
                    has_rung = await ear.wait(self._beat_seconds)
                    if await stay.caller() is None:
                        return
                    yield CHANGED if has_rung else BEAT
                    await asyncio.sleep(self._rest_seconds if has_rung else 0)
            except LOST:
                return  # the page comes again, and finds out who it is
            finally:
                self._ears.discard(ear)
