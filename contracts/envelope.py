"""The envelope of every event: CloudEvents 1.0 in structured JSON, with the extensions we use."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import StringConstraints

from contracts.vocabulary import PRINTABLE, Code, EventId, Instant, Published, UriReference

Data = TypeVar("Data", bound=Published, covariant=True)

Key = Annotated[str, StringConstraints(max_length=700, pattern=PRINTABLE)]
Sequence = Annotated[str, StringConstraints(pattern=r"^[0-9]{20}$")]
TraceParent = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
]


JsonMediaType = Annotated[str, StringConstraints(pattern=r"^application/json *(;.*)?$")]


class Event(Published, Generic[Data]):
    """A CloudEvents 1.0 event; source and id together are unique.

    Our own services fill every attribute but `traceparent` and `causationid` (`wire.compose`); of
    other systems only what has no default is asked. Attributes unknown here are ignored.
    """

    specversion: Literal["1.0"]
    id: EventId
    """Unique within the source; told again with the same content, the event is a duplicate."""
    source: UriReference
    """The system that speaks."""
    type: Code
    """Names the schema of `data`: `xiaoneng.<context>.<event>.v<N>`."""
    time: Instant
    """When it happened, as far as the source knows."""
    subject: Key | None = None
    """What it happened to, such as the number of the case."""
    datacontenttype: JsonMediaType = "application/json"
    dataschema: UriReference | None = None
    """Name of the schema of `data`; the type alone decides how it is read."""
    sequence: Sequence | None = None
    """Number of the event in its source (CloudEvents extension): from 1 without gaps, 20 digits."""
    recordedtime: Instant | None = None
    """When the source recorded it (CloudEvents extension)."""
    partitionkey: Key | None = None
    """Events with one key keep their order (CloudEvents extension)."""
    traceparent: TraceParent | None = None
    """W3C trace context (CloudEvents extension)."""
    correlationid: Key | None = None
    """Shared by all events of one undertaking (CloudEvents extension)."""
    causationid: EventId | None = None
    """Id of the event that led to this one (CloudEvents extension)."""
    data: Data

    @property
    def position(self) -> int | None:
        """The sequence as a number, if the source numbers its events."""
        return None if self.sequence is None else int(self.sequence)
