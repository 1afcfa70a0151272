"""GET /judgements/stream: judgements as they are made, as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from contracts.subjects import parse
from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.feed import Feed
from kernel.web.sse import stream

Unit = Annotated[str | None, Query(max_length=100)]


def live_router(feed: Feed) -> APIRouter:
    """Build the route that pages and programs follow."""
    router = APIRouter(dependencies=[Depends(needs(Right.FOLLOW_JUDGEMENTS))])

    @router.get(
        "/judgements/stream",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}},
    )
    async def judgements(request: Request, unit: Unit = None) -> StreamingResponse:
        """Follow what is published; the id of an event is its number, its data the CloudEvent.

        `Last-Event-ID` goes on after a number without loss or double. An event `reload` says that
        it lies too far back: fetch the lists again.
        """

        def matches(subject: str) -> bool:
            return unit is None or parse(subject).unit == unit

        return stream(request, feed, matches)

    return router
