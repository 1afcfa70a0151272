"""What callers send to the register and what they are shown of it."""

import json
import re
from datetime import date, datetime
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from contracts.vocabulary import PRINTABLE, Code, UriReference
from kernel.store.events import StoredEvent
from services.evaluation.domain.unit import Alias, Closed, Group, Registered, Renamed
from services.evaluation.register import UnitRow
from services.evaluation.store import CODEC


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


class AliasForm(Form):
    """What one city system calls the unit."""

    source: UriReference
    code: Code

    def alias(self) -> Alias:
        """Return it in words of the domain."""
        return Alias(source=self.source, code=self.code)


class Registration(Form):
    """登记单位"""

    name: Name
    group: Group
    aliases: Annotated[list[AliasForm], Field(max_length=100)] = Field(default_factory=list)
    effective_from: Day


class Renaming(Form):
    """单位更名"""

    name: Name
    effective_from: Day


class Closing(Form):
    """撤销单位"""

    effective_from: Day
    successor: Code | None = None


class AliasView(BaseModel):
    """What one city system calls a unit."""

    source: str
    code: str


class UnitView(BaseModel):
    """A unit as it stands; `name` is the one it got last, which holds from `name_from`."""

    code: str
    name: str
    name_from: date
    group: Group
    aliases: list[AliasView]
    effective_from: date
    closed_from: date | None
    successor: str | None

    @classmethod
    def of(cls, row: UnitRow) -> "UnitView":
        """Show a unit."""
        pairs = zip(row.sources, row.codes, strict=True)
        return cls(
            code=row.code,
            name=row.name,
            name_from=row.name_from,
            group=Group(row.unit_group),
            aliases=[AliasView(source=source, code=code) for source, code in pairs],
            effective_from=row.effective_from,
            closed_from=row.closed_from,
            successor=row.successor,
        )


class ChangeView(BaseModel):
    """One thing that happened to a unit: when it was recorded, by whom, and what was said."""

    version: int
    kind: Literal["registered", "renamed", "closed"]
    recorded_at: datetime
    by: str | None
    effective_from: date
    name: str | None = None
    group: Group | None = None
    aliases: list[AliasView] | None = None
    successor: str | None = None

    @classmethod
    def of(cls, stored: StoredEvent) -> "ChangeView":
        """Show an event of the record."""
        event = CODEC.decode(stored.type, stored.data)
        change = cls(
            version=stored.version,
            kind="registered",
            recorded_at=stored.recorded_at,
            by=json.loads(stored.metadata).get("by"),
            effective_from=event.effective_from,
        )
        match event:
            case Registered(name=name, group=group):
                aliases = [AliasView(source=a.source, code=a.code) for a in event.aliases]
                told: dict[str, object] = {"name": name, "group": group, "aliases": aliases}
            case Renamed(name=name):
                told = {"kind": "renamed", "name": name}
            case Closed(successor=successor):
                told = {"kind": "closed", "successor": successor}
            case _:
                assert_never(event)
        return change.model_copy(update=told)
