"""What a service hears: a message, and the event in it or why there is none."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from contracts.envelope import Event
from contracts.vocabulary import Published
from contracts.wire import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the bus brought: `number` is its place in the stream, `sent_at` (UTC) when it got it."""

    stream: str
    subject: str
    data: bytes
    number: int
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An event as it is kept: `text` is its JSON without what we don't know and without its trace.

    `digest` tells the same content from other content under the same id. Content is what the
    contract names, by value: no trace, no attribute unknown here (brokers add some on the way), and
    no default, spelled out or not, so that a field added to the contract changes no old digest.
    `trace` is the W3C trace context that it came with.
    """

    event: Event[Published]
    text: str
    digest: bytes
    trace: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What is unique about an event."""
        return self.event.source, self.event.id


def hear(raw: bytes, trace: str | None = None) -> Heard:
    """Read an event in structured JSON; its own trace goes before the one of its request.

    Raises contracts.wire.UnreadableError.
    """
    event = read(raw)
    text = event.model_dump_json(exclude_none=True, exclude={"traceparent"})
    content = event.model_dump_json(exclude_defaults=True, exclude={"traceparent"})
    digest = sha256(content.encode()).digest()
    return Heard(event=event, text=text, digest=digest, trace=event.traceparent or trace)
