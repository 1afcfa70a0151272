"""The terms a case is judged by: its limits, the clauses behind them, and what is done when."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.electronic_supervision.domain.time.limits import Limit, WorkingDays

THREE_WORKING_DAYS = WorkingDays(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of a rule on time.

    `limit` is the city's own for the whole case; None leaves the end, or else the limit, that the
    supervised system states for itself, if any. `steps` limits single steps by name. `grounds`
    gives the item's own clauses for pauses that the licensing law does not name (补正, 公示). A
    reminder comes `lead` working days before the end, a red card `grace` after it (*default* 3
    working days: no public source fixes it); no pause stops the grace.
    """

    rule: str
    version: int
    clause: str
    limit: Limit | None
    steps: Mapping[str, Limit] = field(default_factory=dict)
    grounds: Mapping[str, str] = field(default_factory=dict)
    lead: int = 1
    grace: Limit = THREE_WORKING_DAYS
