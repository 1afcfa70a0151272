"""The lines of a catalogue document: items, and what belongs to each of them."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from contracts.approvals import PauseGround
from contracts.vocabulary import PRINTABLE, Code, UriReference
from services.electronic_supervision.catalogue.wording import fen_of, period_of, said, yuan
from services.electronic_supervision.domain.catalogue.item_content import Arrangement, Nature


def _written(value: object) -> object:
    # pydantic alone would take a number, even in quotes, for seconds since 1970
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    raise PydanticCustomError("date_type", "a date is written as YYYY-MM-DD")


def _canonical(rewrite: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(rewrite)


Name = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
Clause = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]
Day = Annotated[date, BeforeValidator(_written, json_schema_input_type=date)]
"""A local day."""
PeriodText = Annotated[
    str,
    StringConstraints(max_length=50),
    _canonical(lambda text: said(period_of(text))),
]
"""A limit as it is written: 7个工作日, 30个自然日, 2小时, 4个办公小时."""
Yuan = Annotated[str, StringConstraints(max_length=20), _canonical(lambda text: yuan(fen_of(text)))]
"""An amount in yuan: 300 or 12.50."""
FeeKind: TypeAlias = Literal["none", "standard", "not-stated"]
YesNo: TypeAlias = Literal["yes", "no"]


class Line(BaseModel):
    """One line; a field we do not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemLine(Line):
    """An item as it is from `effective_from` on; `withdrawn_from` is the first day without it."""

    code: Code
    name: Name
    unit: Code
    nature: Nature
    effective_from: Day
    statutory: PeriodText | None = None
    statutory_clause: Clause | None = None
    promised: PeriodText | None = None
    promised_clause: Clause | None = None
    green_card: PeriodText | None = None
    post_a: Code | None = None
    post_b: Code | None = None
    fee: FeeKind = "not-stated"
    fee_clause: Clause | None = None
    fee_most: Yuan | None = None
    guide: YesNo = "no"
    arrangement: Arrangement = Arrangement.NORMAL
    handed_to: Code | None = None
    withdrawn_from: Day | None = None
    reason: Clause | None = None


class StepLine(Line):
    """A step of an item; they are in the order of their lines."""

    item: Code
    code: Code
    name: Name
    limit: PeriodText | None = None


class MaterialLine(Line):
    """What an applicant has to bring for an item."""

    item: Code
    code: Code
    name: Name


class PauseLine(Line):
    """A ground on which the clock may stand still for an item."""

    item: Code
    ground: PauseGround
    clause: Clause


class AliasLine(Line):
    """What a city system calls an item."""

    item: Code
    source: UriReference
    code: Code


PartLine: TypeAlias = StepLine | MaterialLine | PauseLine
AnyLine: TypeAlias = ItemLine | StepLine | MaterialLine | PauseLine | AliasLine
