"""A local day as callers write it."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _written(value: object) -> object:
    # pydantic alone would take a number, even in quotes, for seconds since 1970
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    raise PydanticCustomError("date_type", "a date is written as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_written, json_schema_input_type=date)]
"""A local day."""
