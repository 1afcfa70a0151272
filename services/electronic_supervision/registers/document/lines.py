"""The lines of a document about the registers: what is so, and since when."""

from datetime import date
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from contracts.vocabulary import Code, CreditCode
from services.electronic_supervision.domain.registers.green_card import Standing
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.forms.form import Name, Reason
from services.electronic_supervision.registers.limit_words import fen, limit_of, limit_words, yuan


def _as_text(value: object) -> object:
    # what the record tells is a date already
    return value.isoformat() if isinstance(value, date) else value


def _numbers(text: str) -> str:
    """Write the numbers of enterprises in order, each once."""
    return "、".join(sorted({each.strip() for each in text.split("、")}))


At = Annotated[Day, BeforeValidator(_as_text)]
Count = Annotated[int, Field(ge=0, le=1000)]
Enterprises = Annotated[
    str, Field(pattern=r"^[0-9A-Z]{18}( *、 *[0-9A-Z]{18}){0,499}$"), AfterValidator(_numbers)
]
Yuan = Annotated[str, AfterValidator(lambda text: yuan(fen(text)))]
Time = Annotated[str, AfterValidator(lambda text: limit_words(limit_of(text)))]


class Line(BaseModel):
    """One line; `effective_from` is the day of the last change, and need not be told of a first."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CardLine(Line):
    """The green card of an enterprise; `since` is the day from which it was given."""

    enterprise: CreditCode
    name: Name
    since: At
    last_day: At
    standing: Standing = Standing.VALID
    effective_from: At | None = None
    reason: Reason | None = None


class ApprovalLine(Line):
    """An approval of inspections; `revoked_from` is the first day without it."""

    number: Code
    unit: Code
    enterprises: Enterprises
    year: Annotated[int, Field(ge=2000, le=2099)]
    purpose: Name
    first_day: At
    last_day: At
    times: Count
    revoked_from: At | None = None
    reason: Reason | None = None


class QuotaLine(Line):
    """How often a unit may inspect any enterprise in a year, or the one that is named."""

    unit: Code
    year: Annotated[int, Field(ge=2000, le=2099)]
    enterprise: CreditCode | None = None
    times: Count
    reason: Reason | None = None


class StageLine(Line):
    """A stage of a chain; all lines of a chain together are the chain."""

    chain: Code
    chain_name: Name
    place: Annotated[int, Field(ge=1, le=100)]
    stage: Code
    stage_name: Name
    unit: Code
    limit: Time | None = None
    effective_from: At | None = None


class GradeLine(Line):
    """A grade of an offence; all lines of an offence together are its bands. Fines in yuan."""

    offence: Code
    offence_name: Name
    clause: Name
    grade: Code
    circumstances: Name
    least: Yuan
    most: Yuan
    effective_from: At | None = None


AnyLine: TypeAlias = CardLine | ApprovalLine | QuotaLine | StageLine | GradeLine
