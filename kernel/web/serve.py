"""Serve an application inside a task of ours: cancelling the task ends it gracefully."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from kernel.web.connection import Connection

KEEP_ALIVE_SECONDS = 30
GRACE_SECONDS = 1
LARGEST_HEAD = 1 << 15
BACKLOG = 1024


async def serve(
    app: FastAPI, host: str, port: int, *, ready: Callable[[int], None] | None = None
) -> None:
    """Serve until cancelled; then let requests end for a second, and streams at once.

    Port 0 takes a free one; `ready` is told the port that is listened on. Raises OSError if the
    address can not be had.
    """
    listener = _listener(host, port)
    server = _Server(_config(app), lambda: ready and ready(listener.getsockname()[1]))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        for stream in app.state.streams:
            stream.close()
        await serving
        raise
    finally:
        for each in server.servers:
            each.close()  # who cancels twice gets no grace, but must not leave the loop an ear
        listener.close()


class _Server(uvicorn.Server):
    """Leaves the signals of the process to whoever owns it, and says when it listens."""

    def __init__(self, config: uvicorn.Config, on_listening: Callable[[], object]) -> None:
        super().__init__(config)
        self.servers: list[asyncio.Server] = []
        self._on_listening = on_listening

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the protocol has to be named: else asyncio leaves Nagle on, and answers wait 40 ms for an ACK
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",  # what lives longer than a request lives in the caller's task group
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # addresses are neither logged nor trusted
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )
