"""What rules demand: limits, order, conditions, counts, presence, rates, honest clocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from services.electronic_supervision.domain.terms import THREE_WORKING_DAYS
from services.electronic_supervision.domain.time.limits import Limit


class Level(StrEnum):
    """What follows from a breach that has only one grade."""

    LEAD = "lead"
    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A formula in CEL: its text, the names it asks for, and what it makes of their values.

    `value` raises ValueError, with words for the author, where the formula can't be worked out.
    """

    text: str
    names: frozenset[str]
    value: Callable[[Mapping[str, object]], object] = field(compare=False)


class LimitBy(StrEnum):
    """Whose limit is held against a case."""

    CATALOGUE = "catalogue"
    """The promised one, or else the statutory one, of the item; a green card's if it has one."""
    STATED = "stated"
    """The one that its own system states, where the catalogue has none."""
    RULE = "rule"
    """The rule's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCase:
    """From acceptance to the decision, with pauses and extensions."""

    by: LimitBy
    limit: Limit | None = None  # for LimitBy.RULE
    lead: int = 1
    grace: Limit = THREE_WORKING_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one kind of event to the next of some others, as 受理 within five days of 收件.

    `begin` and `end` are event types; `name` is that of its clock, `step:<name>`. No pause stops it
    unless `pauses`.
    """

    name: str
    begin: tuple[str, ...]
    end: tuple[str, ...]
    limit: Limit
    lead: int = 1
    grace: Limit = THREE_WORKING_DAYS
    pauses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLimits:
    """Each step within the limit that the item gives it."""

    lead: int = 1
    grace: Limit = THREE_WORKING_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The steps of the item, none left out or taken before one that precedes it.

    `steps` instead of those of the item, if given.
    """

    level: Level
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """No event of these types may be as `when` says."""

    on: tuple[str, ...]
    when: Expression
    level: Level


class By(StrEnum):
    """Among whose events a rule counts."""

    CASE = "case"
    UNIT = "unit"
    ITEM = "item"
    POST = "post"  # the handler, by his post
    APPLICANT = "applicant"
    ENTERPRISE = "enterprise"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From so many on, this level; `at_least` may ask a register (`quota + 1`)."""

    at_least: int | Expression
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """At most so many events in any `days` that follow each other, by when they happened.

    Only those that `when` holds for, if given. By calendar year instead if `days` is None.
    """

    on: tuple[str, ...]
    by: By
    days: int | None
    thresholds: tuple[Threshold, ...]
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cumulation:
    """Judgements that stand add up: `points` by level, in any `days` that follow each other.

    On one problem only (the same rule) if `same_rule`; `of` are the rules that count, empty for
    all but other cumulations.
    """

    by: By
    days: int
    points: Mapping[str, int] = field(hash=False)
    thresholds: tuple[Threshold, ...]
    same_rule: bool = False
    of: frozenset[str] = frozenset()


class Absent(StrEnum):
    """What may be missed."""

    SOURCE = "source"  # no word from a city system
    POST = "post"  # neither A nor B is there
    GUIDE = "guide"  # an item in force without published guide (办事指南)
    FILING = "filing"  # a unit did not hand in what was due


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Not missed for as long as `after`."""

    of: Absent
    after: Limit
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The share of events that `when` holds for, among those of types `on`, not above a baseline.

    Held against all others of the same kind in the same `days`, or against `baseline` if given;
    told only from `least` events on and where the interval at `confidence` lies above it.
    """

    on: tuple[str, ...]
    when: Expression
    by: By
    days: int
    level: Level
    least: int = 30
    confidence: float = 0.99
    baseline: float | None = None


class Tactic(StrEnum):
    """How a clock may be gamed."""

    PAUSES_BEFORE_LIMIT = "pauses-before-limit"
    REPEATED_SUPPLEMENTS = "repeated-supplements"
    CLOSURES_ON_LIMIT = "closures-on-limit"
    LATE_RECORDING = "late-recording"
    CLOSE_AND_REOPEN = "close-and-reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class HonestClock:
    """A tactic is not to be more frequent than chance allows; always a lead for people.

    Per unit, over `days`, from `least` cases on; `expected` is the share that nobody wonders at,
    and the interval at `confidence` has to lie above it.
    """

    tactic: Tactic
    days: int
    expected: float
    least: int = 30
    confidence: float = 0.99


OnTime = WholeCase | Span | StepLimits
OnCase = Order | Forbidden
OverTime = Count | Cumulation | Absence | Rate | HonestClock
Demand = OnTime | OnCase | OverTime


def is_for_leads(demand: Demand) -> bool:
    """Tell whether nothing but leads for people follows from a breach."""
    match demand:
        case WholeCase() | Span() | StepLimits():
            return False
        case Count(thresholds=thresholds) | Cumulation(thresholds=thresholds):
            return all(each.level is Level.LEAD for each in thresholds)
        case HonestClock():
            return True
        case Order(level=level) | Forbidden(level=level) | Absence(level=level) | Rate(level=level):
            return level is Level.LEAD
        case _:
            assert_never(demand)
