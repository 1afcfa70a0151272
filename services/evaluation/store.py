"""What evaluation records of units, and where."""

from kernel.codec import Codec
from services.evaluation.domain.unit import Closed, Event, Registered, Renamed

CODEC: Codec[Event] = Codec(Registered, Renamed, Closed)

UNITS = "unit-"


def stream_of(code: str) -> str:
    """Name the stream of a unit."""
    return f"{UNITS}{code}"
