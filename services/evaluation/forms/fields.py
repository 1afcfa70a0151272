"""What the fields of forms take."""

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from contracts.vocabulary import PRINTABLE


def _written(value: object) -> object:
    # pydantic alone would take a number, even in quotes, for seconds since 1970
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    raise PydanticCustomError("date_type", "a date is written as YYYY-MM-DD")


Name = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
Day = Annotated[date, BeforeValidator(_written, json_schema_input_type=date)]
"""A local day."""


class Form(BaseModel):
    """What a caller fills in; a field we do not know is refused, since it was meant."""

    model_config = ConfigDict(extra="forbid")
