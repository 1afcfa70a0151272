"""What pages need that show what was known when a past day ended."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator, Field

from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.words import MICROSECOND

ONE_DAY = timedelta(days=1)
KnownOn = Annotated[
    Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))] | None,
    BeforeValidator(lambda day: day or None),
    Query(),
]
"""A form that is left empty asks for now."""


def end_of(day: date, office: Office) -> datetime:
    """Return the last instant of a local day."""
    return datetime.combine(day + ONE_DAY, time.min, office.zone) - MICROSECOND
