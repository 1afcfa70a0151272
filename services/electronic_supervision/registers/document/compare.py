"""What the lines about one entry ask for, compared with what the registers say of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.registers.discretion_band_acts import (
    Grade,
    ReviseDiscretionBands,
    SetDiscretionBands,
)
from services.electronic_supervision.domain.registers.green_card import GreenCard, Standing
from services.electronic_supervision.domain.registers.green_card_acts import (
    GrantGreenCard,
    RenameEnterprise,
    RenewGreenCard,
    ResumeGreenCard,
    SuspendGreenCard,
    WithdrawGreenCard,
)
from services.electronic_supervision.domain.registers.inspection_approval import (
    Approval,
    ApproveInspection,
    CorrectInspectionApproval,
    RevokeInspectionApproval,
    Terms,
)
from services.electronic_supervision.domain.registers.inspection_quota import (
    ExceptEnterprise,
    SetInspectionQuota,
)
from services.electronic_supervision.domain.registers.service_chain_acts import (
    PublishServiceChain,
    ReviseServiceChain,
    Stage,
)
from services.electronic_supervision.registers.document.lines import (
    AnyLine,
    ApprovalLine,
    CardLine,
    GradeLine,
    QuotaLine,
    StageLine,
)
from services.electronic_supervision.registers.limit_words import fen, limit_of
from services.electronic_supervision.registers.store import Command, quota_code

Wish = tuple[int, Command]
"""The place of the line that asks for it, among those of the entry, and what is wished."""


def code_of(line: AnyLine) -> str:
    """Return the code of the entry that a line is about."""
    match line:
        case CardLine():
            return line.enterprise
        case ApprovalLine():
            return line.number
        case QuotaLine():
            return quota_code(line.unit, line.year)
        case StageLine():
            return line.chain
        case GradeLine():
            return line.offence


def wishes(lines: Sequence[AnyLine], state: Any) -> list[Wish]:
    """Return what all lines about an entry come to; nothing if it is so already. Raises Refused.

    Codes: `date-missing`, `reason-missing`, `field-fixed`, `lines-differ`, and those of deciders.
    """
    match lines[0]:
        case CardLine() as line:
            return [(0, each) for each in _card(line, state.last)]
        case ApprovalLine() as line:
            return [(0, each) for each in _approval(line, state)]
        case QuotaLine():
            return _quota([each for each in lines if isinstance(each, QuotaLine)])
        case StageLine():
            stages = [each for each in lines if isinstance(each, StageLine)]
            return [(0, each) for each in _chain(stages, state.last)]
        case GradeLine():
            grades = [each for each in lines if isinstance(each, GradeLine)]
            return [(0, each) for each in _bands(grades, state.last)]


def _card(line: CardLine, card: GreenCard | None) -> list[Command]:
    is_over = card is not None and (
        card.standing is Standing.WITHDRAWN or card.last_day < line.since
    )
    told: list[Command] = []
    if card is None or (is_over and card.granted_from != line.since):
        told.append(
            GrantGreenCard(
                enterprise=line.enterprise,
                name=line.name,
                effective_from=line.since,
                last_day=line.last_day,
            )
        )
        card = GreenCard(
            enterprise=line.enterprise,
            name=line.name,
            granted_from=line.since,
            last_day=line.last_day,
        )
    if card.granted_from != line.since:
        raise Refused("field-fixed", field="since")
    return [*told, *_changes(line, card)]


def _changes(line: CardLine, card: GreenCard) -> list[Command]:
    code, told = line.enterprise, list[Command]()
    if line.name != card.name:
        told.append(RenameEnterprise(enterprise=code, name=line.name, effective_from=_day(line)))
    if line.last_day != card.last_day:
        day = _day(line)
        told.append(RenewGreenCard(enterprise=code, last_day=line.last_day, effective_from=day))
    if line.standing is card.standing:
        return told
    day = _day(line)
    if line.standing is Standing.VALID:
        return [*told, ResumeGreenCard(enterprise=code, effective_from=day)]
    wish = SuspendGreenCard if line.standing is Standing.SUSPENDED else WithdrawGreenCard
    return [*told, wish(enterprise=code, reason=_reason(line), effective_from=day)]


def _approval(line: ApprovalLine, known: Approval | None) -> list[Command]:
    terms = Terms(
        unit=line.unit,
        enterprises=tuple(line.enterprises.split("、")),
        year=line.year,
        purpose=line.purpose,
        first_day=line.first_day,
        last_day=line.last_day,
        times=line.times,
    )
    told: list[Command] = []
    if known is None:
        told.append(ApproveInspection(number=line.number, terms=terms))
    elif terms != known.terms:
        reason = _reason(line)
        told.append(CorrectInspectionApproval(number=line.number, terms=terms, reason=reason))
    day = line.revoked_from
    if day is not None and (known is None or known.revoked_from != day):
        reason = _reason(line)
        told.append(RevokeInspectionApproval(number=line.number, reason=reason, effective_from=day))
    if day is None and known is not None and known.revoked_from is not None:
        raise Refused("approval-revoked", field="revoked_from")
    return told


def _quota(lines: Sequence[QuotaLine]) -> list[Wish]:
    told: list[Wish] = []
    for place, line in enumerate(lines):
        if line.enterprise is None:
            wish: Command = SetInspectionQuota(unit=line.unit, year=line.year, times=line.times)
            told.insert(0, (place, wish))
            continue
        wish = ExceptEnterprise(
            unit=line.unit,
            year=line.year,
            enterprise=line.enterprise,
            times=line.times,
            reason=_reason(line),
        )
        told.append((place, wish))
    return told


def _chain(lines: Sequence[StageLine], known: Any) -> list[Command]:
    first = lines[0]
    _alike(lines, "chain_name", "effective_from")
    stages = tuple(
        Stage(
            code=each.stage,
            name=each.stage_name,
            unit=each.unit,
            time=limit_of(each.limit or ""),
        )
        for each in sorted(lines, key=lambda line: line.place)
    )
    wish = PublishServiceChain if known is None else ReviseServiceChain
    if known is not None and (known.name, known.stages) == (first.chain_name, stages):
        return []
    day = _day(first)
    return [wish(code=first.chain, name=first.chain_name, stages=stages, effective_from=day)]


def _bands(lines: Sequence[GradeLine], known: Any) -> list[Command]:
    first = lines[0]
    _alike(lines, "offence_name", "clause", "effective_from")
    grades = tuple(
        Grade(
            code=each.grade,
            circumstances=each.circumstances,
            least=fen(each.least),
            most=fen(each.most),
        )
        for each in lines
    )
    if known is not None and not known.is_repealed:
        told = replace(known, name=first.offence_name, clause=first.clause, grades=grades)
        if told == known:
            return []
    wish = SetDiscretionBands if known is None else ReviseDiscretionBands
    return [
        wish(
            offence=first.offence,
            name=first.offence_name,
            clause=first.clause,
            grades=grades,
            effective_from=_day(first),
        )
    ]


def _alike(lines: Sequence[AnyLine], *fields: str) -> None:
    for field in fields:
        if len({getattr(each, field) for each in lines}) > 1:
            raise Refused("lines-differ", field=field)


def _day(line: CardLine | StageLine | GradeLine) -> date:
    if line.effective_from is None:
        raise Refused("date-missing", field="effective_from")
    return line.effective_from


def _reason(line: CardLine | ApprovalLine | QuotaLine) -> str:
    if line.reason is None:
        raise Refused("reason-missing", field="reason")
    return line.reason
