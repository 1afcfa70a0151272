"""What may be wished of a chain of services (招商引资全程服务), and what may happen to it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    Measure,
    OfficeHours,
    WorkingDays,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLimit:
    """So many days, or of hours so many minutes: limits of all kinds as the record keeps them."""

    measure: Measure
    amount: int

    @property
    def limit(self) -> Limit:
        """Return it as the arithmetic of time knows it."""
        match self.measure:
            case Measure.WORKING_DAYS:
                return WorkingDays(self.amount)
            case Measure.CALENDAR_DAYS:
                return CalendarDays(self.amount)
            case Measure.OFFICE_HOURS:
                return OfficeHours(timedelta(minutes=self.amount))
            case Measure.HOURS:
                return Hours(timedelta(minutes=self.amount))
            case _:
                assert_never(self.measure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one unit does for the investor, in how much time at most, if that is limited."""

    code: str
    name: str
    unit: str
    time: StageLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishServiceChain:
    """Have a chain of services from a local day on."""

    code: str
    name: str
    stages: tuple[Stage, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseServiceChain:
    """Have a chain be otherwise from a local day on."""

    code: str
    name: str
    stages: tuple[Stage, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawServiceChain:
    """End a chain; `effective_from` is the first local day without it.

    On the very day from which it was published: it never was.
    """

    code: str
    reason: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChainPublished:
    """There is a new chain of services."""

    code: str
    name: str
    stages: tuple[Stage, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChainRevised:
    """A chain is otherwise from a day on."""

    code: str
    name: str
    stages: tuple[Stage, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChainWithdrawn:
    """A chain came to its end."""

    code: str
    reason: str
    effective_from: date


Command = PublishServiceChain | ReviseServiceChain | WithdrawServiceChain
Event = ServiceChainPublished | ServiceChainRevised | ServiceChainWithdrawn
