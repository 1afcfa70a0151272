"""How far a stream is, by the two questions that a service may ask of it."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client

from contracts.streams import subjects_of
from kernel.relay.jetstream import BusUnreachableError, RefusedError, ask

NO_MESSAGE = 10037


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The sequence of the last message ever stored, and the body of the last one left, if any."""

    last_sequence: int
    last_body: bytes | None


async def last_sequence(bus: Client, stream: str) -> int:
    """Return the sequence of the last message ever stored; raises as `ask`."""
    last: int = (await _state(bus, stream))["last_seq"]
    return last


async def look(bus: Client, stream: str) -> Stream:
    """Return how far a stream is; raises as `ask`."""
    state = await _state(bus, stream)
    last = state["last_seq"]
    if state["messages"] == 0:
        return Stream(last_sequence=last, last_body=None)
    message = await _message(bus, stream, {"seq": last})
    if message is None:  # the last one was deleted: find the last that is left
        message = await _message(bus, stream, {"last_by_subj": subjects_of(stream)})
    if message is None or message["seq"] > last:
        raise BusUnreachableError("the stream changed while it was looked at")
    return Stream(last_sequence=last, last_body=base64.b64decode(message.get("data", "")))


async def _state(bus: Client, stream: str) -> Mapping[str, Any]:
    info = await ask(bus, f"$JS.API.STREAM.INFO.{stream}", b"")
    state: Mapping[str, Any] = info["state"]
    return state


async def _message(
    bus: Client, stream: str, which: Mapping[str, str | int]
) -> Mapping[str, Any] | None:
    try:
        answer = await ask(bus, f"$JS.API.STREAM.MSG.GET.{stream}", json.dumps(which).encode())
    except RefusedError as refused:
        if refused.code == NO_MESSAGE:
            return None
        raise
    message: Mapping[str, Any] = answer["message"]
    return message
