"""The lines of a register document: what is wished of each entry, with the days it holds from."""

import re
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

from contracts.vocabulary import Code, UriReference
from services.evaluation.domain.person_acts import Duty
from services.evaluation.domain.unit_acts import Group
from services.evaluation.forms.fields import Day, Name

SheetName: TypeAlias = Literal["units", "aliases", "sections", "people", "posts"]


MIDNIGHT = r"(?:[ T]0?0:00(?::00)?)?"
WRITTEN = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){MIDNIGHT}")
"""A day as people and spreadsheets write it: 2012-06-01, 2012/6/1, with 00:00 after it too."""


def _as_text(value: object) -> object:
    if isinstance(value, date):  # what the record tells is one already
        return value.isoformat()
    if isinstance(value, str) and (told := WRITTEN.fullmatch(value)):
        year, _, month, day = told.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return value


At = Annotated[Day, BeforeValidator(_as_text)]


class Line(BaseModel):
    """One line; `since` is the first day of an entry, `effective_from` that of its last change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitLine(Line):
    """A unit; `closed_from` is the first local day without it."""

    code: Code
    name: Name
    group: Group
    effective_from: At
    since: At | None = None
    closed_from: At | None = None
    successor: Code | None = None


class AliasLine(Line):
    """What a city system calls a unit."""

    unit: Code
    source: UriReference
    code: Code


class SectionLine(Line):
    """A section of a unit."""

    code: Code
    name: Name
    unit: Code
    effective_from: At
    since: At | None = None
    closed_from: At | None = None


class PersonLine(Line):
    """A person of a unit."""

    code: Code
    name: Name
    unit: Code
    section: Code | None = None
    duty: Duty
    effective_from: At
    since: At | None = None
    closed_from: At | None = None


class PostLine(Line):
    """A post; `a` and `b` are people's codes, held (or vacant) from `a_from` and `b_from` on."""

    code: Code
    name: Name
    unit: Code
    section: Code | None = None
    effective_from: At
    since: At | None = None
    a: Code | None = None
    a_from: At | None = None
    b: Code | None = None
    b_from: At | None = None
    closed_from: At | None = None


AnyLine: TypeAlias = UnitLine | AliasLine | SectionLine | PersonLine | PostLine
LINES: dict[SheetName, type[AnyLine]] = {
    "units": UnitLine,
    "aliases": AliasLine,
    "sections": SectionLine,
    "people": PersonLine,
    "posts": PostLine,
}
