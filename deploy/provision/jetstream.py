"""Requests to JetStream's own API, field by field as the server keeps them."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from nats.aio.client import Client
from nats.errors import Error, NoRespondersError

from deploy.refusal import RefusedError
from kernel.bus import addresses

ANSWER_SECONDS = 10
NOT_FOUND = 404
OLDEST = (2, 12)

Answer = Mapping[str, Any]
"""JSON as the server's API documents it."""


class JetStreamError(Exception):
    """The server refused; the message is its own."""


@asynccontextmanager
async def administered(url: str) -> AsyncIterator[Client]:
    """Connect as administrator to a server that is good enough.

    Raises RefusedError: `nats-unreachable`, `nats-too-old`, `jetstream-missing`.
    """
    client = await connected(url, "provisioner")
    try:
        version = client.connected_server_version
        if (version.major, version.minor) < OLDEST:
            raise RefusedError(
                "nats-too-old",
                f"NATS 服务器的版本是 {version}，不支持成批原子发布。",
                "请升级到 2.12 或更高版本。",
            )
        try:
            await ask(client, "INFO")
        except (JetStreamError, NoRespondersError) as error:
            raise RefusedError(
                "jetstream-missing",
                "NATS 服务器没有启用 JetStream，或该用户所在的账户不能使用它。",
                "请在服务器配置中加入 jetstream 一节，并核对账户。",
            ) from error
        yield client
    finally:
        await client.close()


async def connected(url: str, name: str) -> Client:
    """Connect once, to any of the servers.

    Raises RefusedError (`nats-refused`, `nats-unreachable`).
    """

    async def ignore(_: Exception) -> None:
        """Leave the words to whoever asked."""

    client, where = Client(), addresses(url)
    try:
        await client.connect(
            where.servers,
            user=where.user,
            password=where.password,
            name=name,
            inbox_prefix=f"_INBOX_{name}",
            allow_reconnect=False,
            max_reconnect_attempts=1,  # counts for the first connection too
            reconnect_time_wait=0,
            connect_timeout=ANSWER_SECONDS,
            error_cb=ignore,
        )
    except (OSError, Error) as error:
        await client.close()
        refused = "authorization" in str(error).lower()
        raise RefusedError(
            "nats-refused" if refused else "nats-unreachable",
            "NATS 服务器不接受这一用户或口令。" if refused else "连不上 NATS 服务器。",
            "请核对 XIAONENG_NATS_URL 的地址、用户和口令，并确认服务器已启动。",
        ) from error
    return client


async def ask(client: Client, subject: str, body: Mapping[str, object] | None = None) -> Answer:
    """Return the answer to a request. Raises JetStreamError and NoRespondersError."""
    raw = b"" if body is None else json.dumps(body).encode()
    told = await client.request(f"$JS.API.{subject}", raw, timeout=ANSWER_SECONDS)
    answer: Answer = json.loads(told.data)
    if "error" in answer:
        raise JetStreamError(answer["error"]["description"])
    return answer


async def look_up(client: Client, subject: str) -> Answer | None:
    """Return the answer to a request, None if there is no such stream or consumer."""
    told = await client.request(f"$JS.API.{subject}", b"", timeout=ANSWER_SECONDS)
    answer: Answer = json.loads(told.data)
    if "error" not in answer:
        return answer
    if answer["error"]["code"] == NOT_FOUND:
        return None
    raise JetStreamError(answer["error"]["description"])


def deviations(wanted: Answer, had: Answer) -> dict[str, tuple[object, object]]:
    """Return (wanted, had) of each field that differs; a field not wanted must be unset."""
    fields = {key: (wanted.get(key), had.get(key)) for key in wanted.keys() | had.keys()}
    return {
        key: (want, have)
        for key, (want, have) in sorted(fields.items())
        if (want or None) != (have or None)
    }
