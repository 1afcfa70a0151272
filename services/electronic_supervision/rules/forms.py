"""The document of a rule as its author writes it, before its formulas are read."""

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from contracts.catalogue import Nature
from contracts.registry import HEARD, PUBLISHED, short_name
from contracts.vocabulary import Code, Text
from services.electronic_supervision.domain.rules.demands import (
    Absent,
    By,
    Level,
    LimitBy,
    Tactic,
)
from services.electronic_supervision.domain.rules.rule import System
from services.electronic_supervision.domain.terms import THREE_WORKING_DAYS
from services.electronic_supervision.domain.time.limits import Limit
from services.electronic_supervision.rules.limits import limit_of

Id = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
HEARD_TYPES = {
    short_name(each): each for each in PUBLISHED if short_name(each).split(".")[0] in HEARD
}


class Form(BaseModel):
    """A part of a document; what nobody asked for is refused."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def _limit(text: object) -> object:
    try:
        return limit_of(str(text))
    except ValueError as error:
        raise PydanticCustomError("limit", "not a limit") from error


def _event_type(text: object) -> object:
    named = HEARD_TYPES.get(text, text) if isinstance(text, str) else text
    if named not in HEARD_TYPES.values():
        near = get_close_matches(str(text), HEARD_TYPES, 1, 0.5)
        raise PydanticCustomError("event", "unknown", {"near": near[0] if near else ""})
    return named


WrittenLimit = Annotated[Limit, PlainValidator(_limit)]
Types = Annotated[
    tuple[Annotated[str, BeforeValidator(_event_type)], ...], Field(min_length=1, max_length=20)
]
Formula = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Days = Annotated[int, Field(ge=1, le=1100)]
Share = Annotated[float, Field(gt=0, lt=1)]
Least = Annotated[int, Field(ge=10, le=1_000_000)]
Lead = Annotated[int, Field(ge=0, le=30)]


class ScopeForm(Form):
    """For whom."""

    units: frozenset[Code] = frozenset()
    items: frozenset[Code] = frozenset()
    natures: frozenset[Nature] = frozenset()


class WholeCaseForm(Form):
    """From acceptance to decision."""

    by: LimitBy
    limit: WrittenLimit | None = None
    lead: Lead = 1
    grace: WrittenLimit = THREE_WORKING_DAYS


class SpanForm(Form):
    """From one event to another."""

    name: Code
    begin: Types
    end: Types
    limit: WrittenLimit
    lead: Lead = 1
    grace: WrittenLimit = THREE_WORKING_DAYS
    pauses: bool = False


class StepLimitsForm(Form):
    """Each step within its limit."""

    lead: Lead = 1
    grace: WrittenLimit = THREE_WORKING_DAYS


class OrderForm(Form):
    """Steps in order."""

    level: Level
    steps: tuple[Code, ...] = ()


class ForbiddenForm(Form):
    """No such act."""

    on: Types
    when: Formula
    level: Level


class ThresholdForm(Form):
    """From so many on."""

    at_least: Annotated[
        Annotated[int, Field(ge=1, le=1_000_000)] | Formula, Field(union_mode="left_to_right")
    ]
    level: Level


Thresholds = Annotated[tuple[ThresholdForm, ...], Field(min_length=1, max_length=4)]


class CountForm(Form):
    """So many at most."""

    on: Types
    by: By
    days: Days | None
    thresholds: Thresholds
    when: Formula | None = None


class CumulationForm(Form):
    """Judgements that add up."""

    by: By
    days: Days
    points: Annotated[
        Mapping[
            Annotated[str, StringConstraints(pattern="^(lead|reminder|yellow|red)$")],
            Annotated[int, Field(ge=0, le=1000)],
        ],
        Field(min_length=1),
    ]
    thresholds: Thresholds
    same_rule: bool = False
    of: frozenset[Id] = frozenset()


class AbsenceForm(Form):
    """Not missed for long."""

    of: Absent
    after: WrittenLimit
    level: Level


class RateForm(Form):
    """A share like that of the others."""

    on: Types
    when: Formula
    by: By
    days: Days
    level: Level
    least: Least = 30
    confidence: Annotated[float, Field(ge=0.9, lt=1)] = 0.99
    baseline: Share | None = None


class HonestClockForm(Form):
    """A tactic no more frequent than chance allows."""

    tactic: Tactic
    days: Days
    expected: Share
    least: Least = 30
    confidence: Annotated[float, Field(ge=0.9, lt=1)] = 0.99


KINDS: Mapping[str, type[Form]] = {
    "whole_case": WholeCaseForm,
    "span": SpanForm,
    "step_limits": StepLimitsForm,
    "order": OrderForm,
    "forbidden": ForbiddenForm,
    "count": CountForm,
    "cumulation": CumulationForm,
    "absence": AbsenceForm,
    "rate": RateForm,
    "honest_clock": HonestClockForm,
}
"""The key under which a document says what it demands."""


class RuleForm(Form):
    """A whole document, but for what it demands."""

    id: Id
    version: Annotated[int, Field(ge=1, le=9999)]
    title: Annotated[Text, StringConstraints(max_length=60)]
    system: System
    clause: Annotated[Text, StringConstraints(max_length=300)]
    note: Text | None = None
    effective_from: date
    effective_until: date | None = None
    scope: ScopeForm = ScopeForm()
    message: str | None = None
