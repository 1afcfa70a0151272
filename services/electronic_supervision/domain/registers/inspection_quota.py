"""How often a unit may inspect one enterprise in a year (年度检查计划): a rule and exceptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from kernel.decider import Decider
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.credit_code import is_credit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInspectionQuota:
    """Let a unit inspect any enterprise so many times in a calendar year."""

    unit: str
    year: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptEnterprise:
    """Let a unit inspect one enterprise another number of times that year."""

    unit: str
    year: int
    enterprise: str
    times: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftException:
    """Have an enterprise be inspected as often as any other again."""

    unit: str
    year: int
    enterprise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawInspectionQuota:
    """Have no quota for a unit in a year, as if none had ever been set."""

    unit: str
    year: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionQuotaSet:
    """A unit may inspect any enterprise so many times that year."""

    unit: str
    year: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseExcepted:
    """A unit may inspect one enterprise another number of times that year."""

    unit: str
    year: int
    enterprise: str
    times: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionLifted:
    """An enterprise may be inspected as often as any other again."""

    unit: str
    year: int
    enterprise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionQuotaWithdrawn:
    """There is no quota for a unit in a year."""

    unit: str
    year: int
    reason: str


Command = SetInspectionQuota | ExceptEnterprise | LiftException | WithdrawInspectionQuota
Event = InspectionQuotaSet | EnterpriseExcepted | ExceptionLifted | InspectionQuotaWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """How often an enterprise may be inspected that is not as the others, and why."""

    times: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What a unit may do in a year; the last word counts for all of it."""

    unit: str
    year: int
    times: int
    exceptions: Mapping[str, Exempt] = field(default_factory=dict)

    def of(self, enterprise: str) -> int:
        """Return how often an enterprise may be inspected."""
        known = self.exceptions.get(enterprise)
        return self.times if known is None else known.times


State = Quota | None


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `times-wrong`, `credit-code-wrong`, `quota-unknown` (no quota set for others yet).
    """
    unit, year = command.unit, command.year
    match command:
        case SetInspectionQuota(times=times):
            _make_sure(times)
            is_so = state is not None and state.times == times
            return [] if is_so else [InspectionQuotaSet(unit=unit, year=year, times=times)]
        case ExceptEnterprise(enterprise=enterprise, times=times, reason=reason):
            _make_sure(times)
            if not is_credit_code(enterprise):
                raise Refused("credit-code-wrong", field="enterprise")
            known = _known(state).exceptions.get(enterprise)
            told = EnterpriseExcepted(
                unit=unit, year=year, enterprise=enterprise, times=times, reason=reason
            )
            return [] if known == Exempt(times=times, reason=reason) else [told]
        case LiftException(enterprise=enterprise):
            lifted = ExceptionLifted(unit=unit, year=year, enterprise=enterprise)
            return [lifted] if enterprise in _known(state).exceptions else []
        case WithdrawInspectionQuota(reason=reason):
            withdrawn = InspectionQuotaWithdrawn(unit=unit, year=year, reason=reason)
            return [] if state is None else [withdrawn]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a quota is after an event."""
    match event:
        case InspectionQuotaSet(unit=unit, year=year, times=times):
            new = Quota(unit=unit, year=year, times=times)
            return new if state is None else replace(state, times=times)
        case _ if state is None:
            return None
        case EnterpriseExcepted(enterprise=enterprise, times=times, reason=reason):
            exempt = Exempt(times=times, reason=reason)
            return replace(state, exceptions={**state.exceptions, enterprise: exempt})
        case ExceptionLifted(enterprise=enterprise):
            left = {each: told for each, told in state.exceptions.items() if each != enterprise}
            return replace(state, exceptions=left)
        case InspectionQuotaWithdrawn():
            return None
        case _:
            assert_never(event)


INSPECTION_QUOTA: Decider[Command, Event, State] = Decider(
    initial=None, decide=decide, evolve=evolve
)


def _make_sure(times: int) -> None:
    if times < 0:
        raise Refused("times-wrong", field="times")


def _known(state: State) -> Quota:
    if state is None:
        raise Refused("quota-unknown", field="unit")
    return state
