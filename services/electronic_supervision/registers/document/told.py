"""What the registers say of an entry, as lines of a document; the same lines change nothing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.electronic_supervision.domain.registers.discretion_band import Offence
from services.electronic_supervision.domain.registers.green_card import GreenCard
from services.electronic_supervision.domain.registers.inspection_approval import Approval
from services.electronic_supervision.domain.registers.inspection_quota import Quota
from services.electronic_supervision.domain.registers.service_chain import ServiceChain
from services.electronic_supervision.domain.registers.versions import Versions
from services.electronic_supervision.registers.document.layout import KIND_OF
from services.electronic_supervision.registers.document.lines import (
    AnyLine,
    ApprovalLine,
    CardLine,
    GradeLine,
    QuotaLine,
    StageLine,
)
from services.electronic_supervision.registers.limit_words import limit_words, yuan


def lines_of(state: Any) -> Iterator[AnyLine]:
    """Yield the lines of an entry of any kind, as it stands with all that was said."""
    match state:
        case Versions(last=GreenCard() as card):
            yield _card(card, state.changed_from)
        case Versions(last=ServiceChain() as chain) if not chain.is_withdrawn:
            yield from _stages(chain, state.changed_from)
        case Versions(last=Offence() as offence) if not offence.is_repealed:
            yield from _grades(offence, state.changed_from)
        case Approval():
            yield _approval(state)
        case Quota():
            yield from _quota(state)
        case _:
            pass


def sheets(states: Mapping[str, Mapping[str, Any]]) -> Mapping[str, list[AnyLine]]:
    """Return all lines by the names of their sheets; `states` are by kind and code."""
    return {
        name: [line for state in states[kind.name].values() for line in lines_of(state)]
        for name, kind in KIND_OF.items()
    }


def _card(card: GreenCard, changed_from: date) -> CardLine:
    return CardLine(
        enterprise=card.enterprise,
        name=card.name,
        since=card.granted_from,
        last_day=card.last_day,
        standing=card.standing,
        effective_from=changed_from,
        reason=card.reason or None,
    )


def _approval(approval: Approval) -> ApprovalLine:
    terms = approval.terms
    return ApprovalLine(
        number=approval.number,
        unit=terms.unit,
        enterprises="、".join(terms.enterprises),
        year=terms.year,
        purpose=terms.purpose,
        first_day=terms.first_day,
        last_day=terms.last_day,
        times=terms.times,
        revoked_from=approval.revoked_from,
        reason=approval.reason or None,
    )


def _quota(quota: Quota) -> Iterator[QuotaLine]:
    yield QuotaLine(unit=quota.unit, year=quota.year, times=quota.times)
    for enterprise, exempt in sorted(quota.exceptions.items()):
        yield QuotaLine(
            unit=quota.unit,
            year=quota.year,
            enterprise=enterprise,
            times=exempt.times,
            reason=exempt.reason,
        )


def _stages(chain: ServiceChain, changed_from: date) -> Iterator[StageLine]:
    for place, stage in enumerate(chain.stages, 1):
        yield StageLine(
            chain=chain.code,
            chain_name=chain.name,
            place=place,
            stage=stage.code,
            stage_name=stage.name,
            unit=stage.unit,
            limit=limit_words(stage.time) or None,
            effective_from=changed_from,
        )


def _grades(offence: Offence, changed_from: date) -> Iterator[GradeLine]:
    for grade in offence.grades:
        yield GradeLine(
            offence=offence.offence,
            offence_name=offence.name,
            clause=offence.clause,
            grade=grade.code,
            circumstances=grade.circumstances,
            least=yuan(grade.least),
            most=yuan(grade.most),
            effective_from=changed_from,
        )
