"""One event to its bytes and back: writing is closed, reading is open."""

import re
from datetime import datetime
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from contracts.envelope import Event
from contracts.registry import PUBLISHED, dataschema, event_model, event_of, type_of
from contracts.vocabulary import Published

Data = TypeVar("Data", bound=Published)

# an odd run of backslashes before u0000, so that the text \\u0000 passes
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class UnreadableError(ValueError):
    """Bytes that are no event of ours: a stable code, the path of the field, and why in words.

    Codes: `malformed-json`, `unknown-type`, `schema-mismatch`. The words never repeat a value that
    was sent, except for the type.
    """

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(f"{code}: {field}: {message}" if field else f"{code}: {message}")
        self.code = code
        self.field = field
        self.message = message


def compose(
    data: Data,
    *,
    event_id: str,
    source: str,
    subject: str,
    time: datetime,
    recordedtime: datetime,
    sequence: int,
    partitionkey: str,
    correlationid: str,
    causationid: str | None = None,
    traceparent: str | None = None,
) -> Event[Data]:
    """Build an event of our own, with every attribute that our events promise.

    `sequence` counts the events of the source from 1 without gaps. Raises pydantic's
    `ValidationError` for a value out of shape.
    """
    event_type = type_of(type(data))
    return event_of(type(data))(
        specversion="1.0",
        id=event_id,
        source=source,
        type=event_type,
        time=time,
        subject=subject,
        dataschema=dataschema(event_type),
        sequence=f"{sequence:020d}",
        recordedtime=recordedtime,
        partitionkey=partitionkey,
        traceparent=traceparent,
        correlationid=correlationid,
        causationid=causationid,
        data=data,
    )


def write(event: Event[Published]) -> bytes:
    """Give the UTF-8 bytes of an event in structured JSON; what is unset is left out."""
    if type(event) is not event_model(event.type):
        raise ValueError(f"{event.type} cannot carry {type(event.data).__name__}")
    return event.model_dump_json(exclude_none=True).encode()


def read(raw: bytes) -> Event[Published]:
    """Read one event in structured JSON, ignoring every field it does not know, at any depth.

    Raises `UnreadableError`.
    """
    event_type = _type_of(raw)
    try:
        return event_model(event_type).model_validate_json(raw, extra="ignore")
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise UnreadableError("schema-mismatch", _path(first["loc"]), first["msg"]) from None


def _type_of(raw: bytes) -> str:
    try:
        document = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise UnreadableError("malformed-json", "", str(error)) from None
    if b"\\u0000" in raw and _NUL.search(raw):  # the pattern alone costs as much as reading
        raise UnreadableError("malformed-json", "", "the character U+0000 cannot be stored")
    if not isinstance(document, dict):
        raise UnreadableError("schema-mismatch", "", "an event is a JSON object")
    event_type = document.get("type")
    if not isinstance(event_type, str):
        raise UnreadableError("schema-mismatch", "type", "an event names its type")
    if event_type not in PUBLISHED:
        raise UnreadableError("unknown-type", "type", f"no such event type: {event_type[:100]!r}")
    return event_type


def _path(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")
