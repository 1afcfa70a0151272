"""What the forms of all registers have in common: fields, and what a form is."""

from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, StringConstraints

from contracts.vocabulary import PRINTABLE
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.store import Command

Name = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
Reason = Annotated[str, StringConstraints(max_length=1000, pattern=PRINTABLE)]


class Form(BaseModel):
    """What a caller fills in; a field we do not know is refused, since it was meant."""

    model_config = ConfigDict(extra="forbid")


class Wish(Protocol):
    """A form; `code` is that of the entry that it is about."""

    def command(self, code: str, /) -> Command:
        """Return what is wished."""


class Ending(Form):
    """Something ends, or rests, from a day on for a reason."""

    reason: Reason
    effective_from: Day
