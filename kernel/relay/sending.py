"""Messages into a stream, all or none, and only where the stream is as we know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from nats.aio.client import Client

from kernel.relay.jetstream import BusUnreachableError, RefusedError, ask

WRONG_LAST_SEQUENCE = 10071
DUPLICATE_IN_BATCH = 10201
ROOM = 512
"""Bytes of a message that its headers take at most, but for its id."""


class TooLargeError(Exception):
    """The bus takes no message of the size of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A publication on its way: `id` is what JetStream's window of duplicates knows it by."""

    id: str
    subject: str
    body: bytes


async def send(
    bus: Client, stream: str, messages: Sequence[Message], *, expected: int, batch_id: str
) -> int:
    """Store messages in one step if the last sequence of the stream is `expected`; return the last.

    At most 1000, of which those that follow one too large for the bus are left for later;
    `batch_id` (at most 64 characters) must be new. Raises RefusedError, StreamMissingError and
    TooLargeError, and then nothing was stored; BusUnreachableError leaves that open.
    """
    batch = list(takewhile(lambda each: _fits(bus, each), messages))
    if not batch:
        raise TooLargeError(len(messages[0].body))
    *others, last = zip(batch, _headers(batch, expected, batch_id), strict=True)
    for number, (message, headers) in enumerate(others):
        if number == 0:  # a stream that takes no batches says so before the rest is on its way
            await ask(bus, message.subject, message.body, headers)
        else:
            await bus.publish(message.subject, message.body, headers=headers)
    message, headers = last
    told = await ask(bus, message.subject, message.body, headers)
    if told.get("duplicate"):  # not stored: the window of duplicates knows it from before
        raise RefusedError(DUPLICATE_IN_BATCH)
    if (told.get("stream"), told.get("seq")) != (stream, expected + len(batch)):
        raise BusUnreachableError("the answer is about something else")
    return expected + len(batch)


def _fits(bus: Client, message: Message) -> bool:
    return len(message.body) + len(message.id.encode()) + ROOM <= bus.max_payload


def _headers(batch: Sequence[Message], expected: int, batch_id: str) -> list[dict[str, str]]:
    headers = [{"Nats-Msg-Id": message.id} for message in batch]
    headers[0]["Nats-Expected-Last-Sequence"] = str(expected)
    if len(batch) > 1:
        for number, each in enumerate(headers, 1):
            each |= {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number)}
        headers[-1]["Nats-Batch-Commit"] = "1"
    return headers
