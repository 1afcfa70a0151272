"""The green card (绿卡) of an enterprise: given, renewed, suspended, withdrawn, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from kernel.decider import Decider
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.credit_code import is_credit_code
from services.electronic_supervision.domain.registers.green_card_acts import (
    Command,
    EnterpriseRenamed,
    Event,
    GrantGreenCard,
    GreenCardGranted,
    GreenCardRenewed,
    GreenCardResumed,
    GreenCardSuspended,
    GreenCardWithdrawn,
    RenameEnterprise,
    RenewGreenCard,
    ResumeGreenCard,
    SuspendGreenCard,
    WithdrawGreenCard,
)
from services.electronic_supervision.domain.registers.versions import Versions


class Standing(StrEnum):
    """Whether a green card holds, as far as its days allow."""

    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenCard:
    """What a green card is from some day on; `reason` tells why it does not hold."""

    enterprise: str
    name: str
    granted_from: date
    last_day: date
    standing: Standing = Standing.VALID
    reason: str = ""

    def holds(self, day: date) -> bool:
        """Tell whether it holds on a day from which on it is so."""
        return self.standing is Standing.VALID and self.granted_from <= day <= self.last_day


State = Versions[GreenCard]


def decide(command: Command, state: State) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `credit-code-wrong`, `days-reversed`, `green-card-exists` (another one on that day),
    `green-card-unknown`, `green-card-withdrawn`, `green-card-expired`, `effective-date-too-early`
    (before the last change).
    """
    match command:
        case GrantGreenCard():
            return _grant(command, state)
        case RenewGreenCard(enterprise=code, last_day=last, effective_from=day):
            card = _standing(state, day)
            _in_order(day, last)
            renewed = GreenCardRenewed(enterprise=code, last_day=last, effective_from=day)
            return [] if card.last_day == last else [renewed]
        case RenameEnterprise(enterprise=code, name=name, effective_from=day):
            card = _standing(state, day)
            renamed = EnterpriseRenamed(enterprise=code, name=name, effective_from=day)
            return [] if card.name == name else [renamed]
        case SuspendGreenCard(enterprise=code, reason=reason, effective_from=day):
            card = _standing(state, day)
            told = GreenCardSuspended(enterprise=code, reason=reason, effective_from=day)
            return [] if _is(card, Standing.SUSPENDED, reason) else [told]
        case ResumeGreenCard(enterprise=code, effective_from=day):
            card = _standing(state, day)
            resumed = GreenCardResumed(enterprise=code, effective_from=day)
            return [] if card.standing is Standing.VALID else [resumed]
        case WithdrawGreenCard(enterprise=code, reason=reason, effective_from=day):
            withdrawn = state.last and _is(state.last, Standing.WITHDRAWN, reason)
            if withdrawn and state.changed_from == day:
                return []
            _standing(state, day)
            return [GreenCardWithdrawn(enterprise=code, reason=reason, effective_from=day)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """Return what a green card is on any day after an event."""
    day = event.effective_from
    if isinstance(event, GreenCardGranted):
        given = GreenCard(
            enterprise=event.enterprise,
            name=event.name,
            granted_from=day,
            last_day=event.last_day,
        )
        return state.since(day, given)
    card = state.last
    if card is None:
        return state
    match event:
        case GreenCardRenewed(last_day=last):
            return state.since(day, replace(card, last_day=last))
        case EnterpriseRenamed(name=name):
            return state.since(day, replace(card, name=name))
        case GreenCardSuspended(reason=reason):
            return state.since(day, replace(card, standing=Standing.SUSPENDED, reason=reason))
        case GreenCardResumed():
            return state.since(day, replace(card, standing=Standing.VALID, reason=""))
        case GreenCardWithdrawn(reason=reason):
            if day == card.granted_from:
                return state.before(day)
            return state.since(day, replace(card, standing=Standing.WITHDRAWN, reason=reason))
        case _:
            assert_never(event)


GREEN_CARD: Decider[Command, Event, State] = Decider(
    initial=Versions(), decide=decide, evolve=evolve
)


def _grant(command: GrantGreenCard, state: State) -> Sequence[Event]:
    if not is_credit_code(command.enterprise):
        raise Refused("credit-code-wrong", field="enterprise")
    day = command.effective_from
    _in_order(day, command.last_day)
    wish = GreenCardGranted(
        enterprise=command.enterprise,
        name=command.name,
        effective_from=day,
        last_day=command.last_day,
    )
    if evolve(Versions(), wish).last == state.at(day):
        return []  # also after a change: a request that came late must not undo it
    card = state.last
    if card and card.standing is not Standing.WITHDRAWN and day <= card.last_day:
        raise Refused("green-card-exists", field="enterprise")
    if day < state.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")
    return [wish]


def _standing(state: State, day: date) -> GreenCard:
    """Return the card that is there on a day, held or suspended."""
    card = state.last
    if card is None:
        raise Refused("green-card-unknown", field="enterprise")
    if card.standing is Standing.WITHDRAWN:
        raise Refused("green-card-withdrawn", field="enterprise")
    if day < state.changed_from:
        raise Refused("effective-date-too-early", field="effective_from")
    if card.last_day < day:
        raise Refused("green-card-expired", field="effective_from")
    return card


def _in_order(first: date, last: date) -> None:
    if last < first:
        raise Refused("days-reversed", field="last_day")


def _is(card: GreenCard, standing: Standing, reason: str) -> bool:
    return card.standing is standing and card.reason == reason
