"""A record that publishes, a feed that follows it, and a page that reads the feed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Annotated, cast

import asyncpg
import httpx
from fastapi import APIRouter, Depends, Request
from prometheus_client import CollectorRegistry
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.bell import Bell
from kernel.database import open_pool
from kernel.store.events import NewEvent, NewPublication
from kernel.store.store import append
from kernel.web.access import needs
from kernel.web.feed import WINDOW, Feed, Said
from kernel.web.sse import stream

NOW = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
NUMBERS = count(1)
BODY = '{"type":"xiaoneng.supervision.reminder-raised.v1","sequence":"00000000000000000000"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Prints for one record."""

    pool: asyncpg.Pool
    bell: Bell

    async def say(self, number: int = 1, *, subject: str = "to.all", body: str = BODY) -> None:
        """Publish a number of times in one transaction, and ring."""
        ids = [f"said-{next(NUMBERS)}" for _ in range(number)]
        events = [NewEvent(stream=each, id=each, type="Said", data="{}") for each in ids]
        said = [
            NewPublication(
                of_event=index, subject=subject, body=body, number_at=body.index("0" * 20)
            )
            for index in range(number)
        ]
        async with self.pool.acquire() as connection:
            await append(cast("asyncpg.Connection", connection), events, NOW, publications=said)
        self.bell.ring()


@asynccontextmanager
async def press(url: str, schema: str) -> AsyncIterator[Press]:
    async with await open_pool(url, schema) as pool:
        bell = Bell(pool, schema)
        async with bell.hung():
            yield Press(pool=pool, bell=bell)


@asynccontextmanager
async def followed(
    press: Press, *, window: int = WINDOW, registry: CollectorRegistry | None = None
) -> AsyncIterator[Feed]:
    with press.bell.ear() as ear:
        feed = Feed(press.pool, ear, registry or CollectorRegistry(), window=window)
        running = asyncio.create_task(feed.run())
        try:
            yield feed
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def stand(feed: Feed, *, beat_seconds: float = 15) -> APIRouter:
    """Sell a feed: all of it, or by a prefix of the subject."""
    router = APIRouter()

    @router.get("/feed")
    async def follow(
        request: Request, _: Annotated[Caller, Depends(needs(Right.SEE_CASES))], prefix: str = ""
    ) -> Response:
        async def wanting(_: Caller, said: Sequence[Said]) -> Sequence[Said]:
            return [each for each in said if each.subject.startswith(prefix)]

        return stream(request, feed, wanting, beat_seconds=beat_seconds)

    return router


async def everything(said: Sequence[Said]) -> Sequence[Said]:
    """Want all that is said."""
    return said


@dataclass(slots=True)
class Page:
    """What a browser keeps of a stream: data by id, and the id to go on from."""

    last: str | None = None
    retry: str | None = None
    events: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def sequences(self) -> list[int]:
        return [int(number) for number, _, _ in self.events]

    async def read(
        self,
        client: httpx.AsyncClient,
        url: str,
        headers: Mapping[str, str],
        enough: Callable[["Page"], bool],
    ) -> httpx.Response:
        """Follow as the HTML standard says, until enough or until the stream ends."""
        resumed = {} if self.last is None else {"Last-Event-ID": self.last}
        async with client.stream("GET", url, headers={**headers, **resumed}) as response:
            fields: dict[str, str] = {}
            async for line in response.aiter_lines():
                if line:
                    name, _, value = line.partition(":")
                    fields[name] = value.removeprefix(" ")
                    continue
                self._dispatch(fields)
                fields = {}
                if enough(self):
                    break
        return response

    def _dispatch(self, fields: Mapping[str, str]) -> None:
        self.retry = fields.get("retry", self.retry)
        self.last = fields.get("id", self.last)
        if "data" in fields:
            event = fields.get("event", "message")
            self.events.append((self.last or "0", event, fields["data"]))
