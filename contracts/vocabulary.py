"""The values that every published event is made of."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

_INSTANT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
_IS_INSTANT = re.compile(_INSTANT).match
# no control characters, and no blank at either end: "A1 " would never match "A1"
PRINTABLE = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$"


class Published(BaseModel):
    """A frozen part of the published language, closed to a writer: unknown fields are refused.

    A reader passes `extra="ignore"` and so stays open, at every depth. `strict` keeps `"5"` from
    passing for 5.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True
    )


def _rfc3339(value: object) -> object:
    # pydantic alone would take "1" for the first second of 1970 and a space for the T
    if isinstance(value, datetime) or (isinstance(value, str) and _IS_INSTANT(value)):
        return value
    raise PydanticCustomError(
        "instant", "Input should be an instant with offset, as in 2012-03-05T09:00:00+08:00"
    )


Instant = Annotated[
    AwareDatetime,
    Field(strict=False),  # behind a validator of ours, strict would refuse every text
    BeforeValidator(_rfc3339),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _INSTANT}),
]
"""A moment with its offset (RFC 3339); what is finer than a microsecond is cut off on reading."""

Code = Annotated[str, StringConstraints(max_length=100, pattern=PRINTABLE)]
"""A short name given by a system: of a unit, an item, a case, a step, a post."""

EventId = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
"""Id of an event, unique within its source."""

Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""Words for people, not blank; never a name, number or other trace of an applicant."""

CreditCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NP-RT-UW-Y]{18}$")]
"""Number of a legal person in the public register (统一社会信用代码, GB 32100-2015)."""

Pseudonym = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32,128}$")]
"""A digest with a key of its maker's own (HMAC), in hexadecimal: nobody else finds who is meant."""

Fen = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""An amount of money in fen (分, 0.01 yuan), within what a JSON number holds exactly."""

_PCHAR = r"([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
UriReference = Annotated[
    str,
    StringConstraints(
        max_length=500, pattern=rf"^([A-Za-z][A-Za-z0-9+.-]*:|/){_PCHAR}(#{_PCHAR})?$"
    ),
]
"""A URI, or a reference that begins with a slash (RFC 3986); other letters percent-encoded."""


class LimitUnit(StrEnum):
    """How a limit is counted; the day of receipt never counts (民法典第二百零一条)."""

    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    OFFICE_MINUTES = "office-minutes"
    """Minutes inside office hours."""
    MINUTES = "minutes"
    """Minutes by the clock on the wall."""


class Limit(Published):
    """A limit (时限): so many of one unit."""

    amount: Annotated[int, Field(ge=1, le=1_000_000)]
    unit: LimitUnit
