"""A feed as server-sent events: a page that reconnects goes on where it was, or is reloaded."""

from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial

from starlette.requests import Request
from starlette.responses import StreamingResponse

from kernel.bell import LOST
from kernel.web.access import visit_of
from kernel.web.feed import Feed, OutOfReachError
from kernel.web.problem import ProblemError
from kernel.web.stay import Stay, Wanting

BEAT_SECONDS = 3.0
"""How long an idle stream may be silent, and outlive the session of who follows it."""

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
HELLO = b"retry: 1000\n\n"
CHUNK = 1 << 16
RELOAD = b"event: reload\ndata: {}\n\n"
LARGEST_SEQUENCE = 2**63 - 1


def stream(
    request: Request, feed: Feed, wanting: Wanting, *, beat_seconds: float = BEAT_SECONDS
) -> StreamingResponse:
    """Answer with what is published from now on, or after where the caller was.

    That is the header `Last-Event-ID`, which browsers send, or else the query parameter `after`,
    the sequence that a page was made at. It ends soon after who follows may not any more; what he
    may know of is asked anew too. Raises 400 `invalid-event-id`.
    """
    told = request.headers.get("last-event-id") or request.query_params.get("after")
    after = None if told is None else _sequence(told)
    request.app.state.streams.add(feed)  # serve() closes it, or it would wait for the page
    return StreamingResponse(
        _frames(feed, after, Stay(visit_of(request)), wanting, beat_seconds),
        media_type="text/event-stream",
        headers=HEADERS,
    )


async def _frames(
    feed: Feed, after: int | None, stay: Stay, wanting: Wanting, beat_seconds: float
) -> AsyncIterator[bytes]:
    yield HELLO
    with feed.clients.track_inprogress():
        try:
            wanted = partial(stay.of, wanting)
            async for news in feed.subscribe(after, wanted, idle_seconds=beat_seconds):
                if await stay.caller() is None:
                    return
                for chunk in _chunks(news.frames):
                    yield chunk
                # an id without data moves what the browser sends as Last-Event-ID: a page for which
                # nothing was said for long is still up to date
                yield b":\nid: %d\n\n" % news.through
        except OutOfReachError:
            yield RELOAD
        except LOST:  # of the record, or of who it is
            return  # the page comes again, and finds the database or an answer that says so


def _chunks(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Join frames, as long as that spares more than it keeps."""
    chunk = bytearray()
    for frame in frames:
        chunk += frame
        if len(chunk) >= CHUNK:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)


def _sequence(told: str) -> int:
    if told.isascii() and told.isdigit() and len(told) < 20 and int(told) <= LARGEST_SEQUENCE:
        return int(told)
    raise ProblemError(
        400,
        "invalid-event-id",
        title="续传位置无效",
        detail="Last-Event-ID 或参数 after 不是本系统给出的序号。",
        fix="请去掉该值重新连接，或者刷新页面。",
        field="Last-Event-ID",
    )
