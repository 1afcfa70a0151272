"""All registers that rules judge against, as events left them: asked by rules at every turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from services.electronic_supervision.domain.registers import (
    discretion_band,
    discretion_band_acts,
    green_card,
    green_card_acts,
    inspection_approval,
    inspection_quota,
    service_chain,
    service_chain_acts,
)
from services.electronic_supervision.domain.registers.discretion_band import Offence
from services.electronic_supervision.domain.registers.discretion_band_acts import Grade
from services.electronic_supervision.domain.registers.green_card import GreenCard
from services.electronic_supervision.domain.registers.inspection_approval import Approval
from services.electronic_supervision.domain.registers.inspection_quota import Quota
from services.electronic_supervision.domain.registers.service_chain import ServiceChain
from services.electronic_supervision.domain.registers.versions import Versions

Event: TypeAlias = (
    green_card_acts.Event
    | inspection_approval.Event
    | inspection_quota.Event
    | service_chain_acts.Event
    | discretion_band_acts.Event
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """What holds on any day; made by `fold`, and never changed."""

    cards: Mapping[str, Versions[GreenCard]] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    quotas: Mapping[tuple[str, int], Quota] = field(default_factory=dict)
    chains: Mapping[str, Versions[ServiceChain]] = field(default_factory=dict)
    offences: Mapping[str, Versions[Offence]] = field(default_factory=dict)

    def green_card(self, enterprise: str, day: date) -> GreenCard | None:
        """Return the green card that an enterprise holds on a day, None if it holds none."""
        card = self.cards[enterprise].at(day) if enterprise in self.cards else None
        return card if card is not None and card.holds(day) else None

    def holds(self, enterprise: str, day: date) -> bool:
        """Tell whether an enterprise holds a green card on a day."""
        return self.green_card(enterprise, day) is not None

    def approval(self, number: str) -> Approval | None:
        """Return an approval of inspections, revoked or not: ask whether it covers one."""
        return self.approvals.get(number)

    def quota(self, unit: str, enterprise: str, year: int) -> int | None:
        """Return how often a unit may inspect an enterprise in a year; None: nobody said."""
        quota = self.quotas.get((unit, year))
        return None if quota is None else quota.of(enterprise)

    def chain(self, code: str, day: date) -> ServiceChain | None:
        """Return a chain of services as it is on a day, None if it is not there then."""
        chain = self.chains[code].at(day) if code in self.chains else None
        return None if chain is None or chain.is_withdrawn else chain

    def offence(self, code: str, day: date) -> Offence | None:
        """Return an offence with its bands on a day, None if it has none then."""
        known = self.offences[code].at(day) if code in self.offences else None
        return None if known is None or known.is_repealed else known

    def band(self, offence: str, grade: str, day: date) -> Grade | None:
        """Return the band of a grade of an offence on a day, None if there is none then."""
        known = self.offence(offence, day)
        return None if known is None else known.grade(grade)


def fold(events: Iterable[Event], before: Registers | None = None) -> Registers:
    """Return the registers after events, those of each entry in order; `before` is left alone."""
    known = Registers() if before is None else before
    cards, approvals = dict(known.cards), dict(known.approvals)
    quotas, chains, offences = dict(known.quotas), dict(known.chains), dict(known.offences)
    for event in events:
        if isinstance(event, green_card_acts.Event):
            card = cards.get(event.enterprise, Versions())
            cards[event.enterprise] = green_card.evolve(card, event)
        elif isinstance(event, inspection_approval.Event):
            approval = inspection_approval.evolve(approvals.get(event.number), event)
            if approval is not None:
                approvals[event.number] = approval
        elif isinstance(event, inspection_quota.Event):
            _fold_quota(quotas, event)
        elif isinstance(event, service_chain_acts.Event):
            chain = chains.get(event.code, Versions())
            chains[event.code] = service_chain.evolve(chain, event)
        else:
            known_bands = offences.get(event.offence, Versions())
            offences[event.offence] = discretion_band.evolve(known_bands, event)
    return Registers(
        cards=cards, approvals=approvals, quotas=quotas, chains=chains, offences=offences
    )


def _fold_quota(quotas: dict[tuple[str, int], Quota], event: inspection_quota.Event) -> None:
    key = event.unit, event.year
    quota = inspection_quota.evolve(quotas.get(key), event)
    if quota is not None:
        quotas[key] = quota
    else:
        quotas.pop(key, None)
