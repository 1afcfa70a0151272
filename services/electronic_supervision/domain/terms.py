"""The terms a case is judged by: its limits, the clauses behind them, and what is done when."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.electronic_supervision.domain.time.limits import Limit, WorkingDays

THREE_WORKING_DAYS = WorkingDays(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """By which version of a rule a clock is judged, and how far ahead and after its end.

    A reminder comes `lead` working days before the end, a red card `grace` after it (*default* 3
    working days: no public source fixes it); no pause stops the grace.
    """

    rule: str
    version: int
    clause: str
    lead: int = 1
    grace: Limit = THREE_WORKING_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanTerms:
    """A limit from one kind of event to the next of some others, on a clock `step:<name>`."""

    standard: Standard
    name: str
    begin: frozenset[str]
    end: frozenset[str]
    limit: Limit
    pauses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that limits one case.

    `limit` is the city's own for the whole case; None leaves the end, or else the limit, that the
    supervised system states for itself, if any, where `takes_stated`. `steps` limits single steps
    by name, under the standard `step`, or else that of the whole case. `grounds` gives the item's
    own clauses for pauses that the licensing law does not name (补正, 公示).
    """

    whole: Standard
    limit: Limit | None = None
    steps: Mapping[str, Limit] = field(default_factory=dict)
    step: Standard | None = None
    spans: tuple[SpanTerms, ...] = ()
    grounds: Mapping[str, str] = field(default_factory=dict)
    takes_stated: bool = True
