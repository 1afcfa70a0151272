"""The approval (检查审批) by which a unit may inspect enterprises: given, corrected, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.credit_code import is_credit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is approved: `times` inspections of each enterprise, for a purpose, on these days.

    `year` is that of the plan of inspections (年度检查计划) to which they count; the enterprises
    are sorted and all different.
    """

    unit: str
    enterprises: tuple[str, ...]
    year: int
    purpose: str
    first_day: date
    last_day: date
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveInspection:
    """Let a unit inspect enterprises."""

    number: str
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectInspectionApproval:
    """Put right what was noted wrongly, as if it had never been otherwise."""

    number: str
    terms: Terms
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeInspectionApproval:
    """Take an approval back; `effective_from` is the first local day without it."""

    number: str
    reason: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionApproved:
    """A unit may inspect enterprises."""

    number: str
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionApprovalCorrected:
    """What had been noted of an approval was wrong."""

    number: str
    terms: Terms
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionApprovalRevoked:
    """An approval was taken back."""

    number: str
    reason: str
    effective_from: date


Command = ApproveInspection | CorrectInspectionApproval | RevokeInspectionApproval
Event = InspectionApproved | InspectionApprovalCorrected | InspectionApprovalRevoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval as it was noted last; on and after `revoked_from` it approves nothing."""

    number: str
    approved: Terms
    terms: Terms
    revoked_from: date | None = None
    reason: str = ""

    def covers(self, enterprise: str, day: date) -> bool:
        """Tell whether an enterprise may be inspected by it on a day."""
        terms = self.terms
        is_in_time = terms.first_day <= day <= terms.last_day
        is_revoked = self.revoked_from is not None and self.revoked_from <= day
        return is_in_time and not is_revoked and enterprise in terms.enterprises


State = Approval | None


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `enterprises-missing`, `credit-code-wrong`, `days-reversed`, `days-beyond-year`,
    `times-wrong`, `approval-exists` (with other content), `approval-unknown`, `approval-revoked`,
    `effective-date-too-late` (after its last day).
    """
    match command:
        case ApproveInspection(number=number, terms=terms):
            _make_sure(terms)
            if state is None:
                return [InspectionApproved(number=number, terms=terms)]
            if state.approved == terms:
                return []  # also after a correction: a request that came late must not undo it
            raise Refused("approval-exists", field="number")
        case CorrectInspectionApproval(number=number, terms=terms, reason=reason):
            approval = _standing(state)
            _make_sure(terms)
            corrected = InspectionApprovalCorrected(number=number, terms=terms, reason=reason)
            return [] if terms == approval.terms else [corrected]
        case RevokeInspectionApproval(number=number, reason=reason, effective_from=day):
            if state is not None and (state.revoked_from, state.reason) == (day, reason):
                return []
            if _standing(state).terms.last_day < day:
                raise Refused("effective-date-too-late", field="effective_from")
            return [InspectionApprovalRevoked(number=number, reason=reason, effective_from=day)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what an approval is after an event."""
    match event:
        case InspectionApproved(number=number, terms=terms):
            return Approval(number=number, approved=terms, terms=terms)
        case _ if state is None:
            return None
        case InspectionApprovalCorrected(terms=terms):
            return replace(state, terms=terms)
        case InspectionApprovalRevoked(effective_from=day, reason=reason):
            return replace(state, revoked_from=day, reason=reason)
        case _:
            assert_never(event)


INSPECTION_APPROVAL: Decider[Command, Event, State] = Decider(
    initial=None, decide=decide, evolve=evolve
)


def _make_sure(terms: Terms) -> None:
    if not terms.enterprises:
        raise Refused("enterprises-missing", field="enterprises")
    if not all(map(is_credit_code, terms.enterprises)):
        raise Refused("credit-code-wrong", field="enterprises")
    if terms.last_day < terms.first_day:
        raise Refused("days-reversed", field="last_day")
    if {terms.first_day.year, terms.last_day.year} != {terms.year}:
        raise Refused("days-beyond-year", field="year")
    if terms.times < 1:
        raise Refused("times-wrong", field="times")


def _standing(state: State) -> Approval:
    if state is None:
        raise Refused("approval-unknown", field="number")
    if state.revoked_from is not None:
        raise Refused("approval-revoked", field="number")
    return state
