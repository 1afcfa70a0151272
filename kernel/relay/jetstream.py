"""One question to JetStream and its answer, or why there is none."""

import json
from collections.abc import Mapping
from typing import Any

import nats.errors
from nats.aio.client import Client

ANSWER_SECONDS = 3.0
STREAM_NOT_FOUND = 10059


class StreamMissingError(Exception):
    """There is no such stream."""


class BusUnreachableError(Exception):
    """No answer that could be understood: what was sent may have been taken or not."""


class RefusedError(Exception):
    """JetStream's answer is a refusal, so nothing was stored; `code` is its `err_code`."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


async def ask(
    bus: Client, subject: str, body: bytes, headers: dict[str, str] | None = None
) -> Mapping[str, Any]:
    """Send one message and return its answer, which is empty while a batch goes on.

    Raises BusUnreachableError, StreamMissingError and RefusedError.
    """
    if not bus.is_connected:  # else the client would keep it, and send it at some later time
        raise BusUnreachableError("not connected")
    try:
        answer = await bus.request(subject, body, timeout=ANSWER_SECONDS, headers=headers)
        said: Mapping[str, Any] = json.loads(answer.data or b"{}")
    except (nats.errors.Error, OSError, ValueError) as error:
        raise BusUnreachableError(type(error).__name__) from error
    if (refusal := said.get("error")) is None:
        return said
    if refusal["err_code"] == STREAM_NOT_FOUND:
        raise StreamMissingError
    raise RefusedError(refusal["err_code"])
