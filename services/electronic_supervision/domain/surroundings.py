"""What a rule may ask about an act: the act, its case so far, its item, and the registers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.electronic_supervision.domain.case import Case
from services.electronic_supervision.domain.catalogue.item_content import Fee, FeeStandard
from services.electronic_supervision.domain.facts import (
    Accepted,
    Decided,
    Delivered,
    Fact,
    StepFinished,
    StepStarted,
    Transferred,
    Withdrawn,
)
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.law import Law, Matter
from services.electronic_supervision.domain.time.moment import start_of_day

SUPPLEMENT = "xiaoneng.approvals.supplement-requested.v1"
FEE = "xiaoneng.approvals.fee-charged.v1"
ASKED_OF_CASES = frozenset({SUPPLEMENT, FEE})
"""Types of events whose words a case is told by, whether or not a rule names them."""

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """One act in its case, by the law as it is."""

    key: CaseKey
    case: Case
    act: Fact
    matter: Matter
    law: Law

    def values(self, names: Collection[str]) -> Values:
        """Return what is asked for by name; a name that nobody knows stays out."""
        return {name: ASKED[name](self) for name in names if name in ASKED}

    @property
    def so_far(self) -> Sequence[Fact]:
        """Return all acts of the case up to this one, in order of time."""
        place = next(n for n, each in enumerate(self.case.acts) if each.id == self.act.id)
        return self.case.acts[: place + 1]

    @property
    def enterprise(self) -> str:
        """Return whom the act or its case concerns, "" if that is no enterprise."""
        named = _fields(self.act).get("enterprise")
        accepted = self.case.acceptance
        return str(named) if named else accepted.enterprise if accepted else ""


def _fields(act: Fact) -> Values:
    return act.fields or {}


def _fact(of: Surroundings) -> Values:
    at = of.act.at.earliest
    return {**_fields(of.act), "time": at, "type": of.act.type, "id": of.act.id}


def _case(of: Surroundings) -> Values:
    acts = of.so_far
    return {
        "number": of.key.number,
        "source": of.key.source,
        "unit": of.case.unit,
        "item": of.matter.code,
        "accepted": _first(acts, Accepted),
        "ended": _first(acts, Decided, Delivered, Withdrawn),
        "received": _first(acts, Delivered, Withdrawn),
        "supplements": [_supplement(act) for act in acts if act.type == SUPPLEMENT],
        "transfers": [_transfer(act) for act in acts if isinstance(act.what, Transferred)],
        "steps": [_step(act) for act in acts if isinstance(act.what, StepStarted)],
        "finished": [act.what.step for act in acts if isinstance(act.what, StepFinished)],
        "decisions": sum(isinstance(act.what, Decided) for act in acts),
        "fees_fen": sum(_fen(act) for act in acts if act.type == FEE),
    }


def _first(acts: Sequence[Fact], *kinds: type) -> datetime | None:
    return next((act.at.earliest for act in acts if isinstance(act.what, kinds)), None)


def _supplement(act: Fact) -> Values:
    named = _fields(act).get("materials")
    materials = named if isinstance(named, list) else []
    told = [each.get("code") or each.get("name") for each in materials]
    return {"time": act.at.earliest, "materials": told}


def _transfer(act: Fact) -> Values:
    to_unit = act.what.to_unit if isinstance(act.what, Transferred) else ""
    return {"time": act.at.earliest, "from_unit": act.unit, "to_unit": to_unit}


def _step(act: Fact) -> Values:
    step, holder = "", ""
    if isinstance(act.what, StepStarted):
        step, holder = act.what.step, act.what.holder
    return {"step": step, "holder": holder, "begin": act.at.earliest}


def _fen(act: Fact) -> int:
    amount = _fields(act).get("amount_fen")
    return amount if isinstance(amount, int) else 0


def _item(of: Surroundings) -> Values | None:
    if of.matter.item is None:
        return None
    content = of.matter.item.content
    fee = content.fee
    return {
        "code": of.matter.item.code,
        "name": content.name,
        "unit": content.unit,
        "nature": content.nature.value,
        "materials": [each.code for each in content.materials],
        "steps": [each.code for each in content.steps],
        "fee_stated": fee is None or isinstance(fee, FeeStandard),
        "fee_most_fen": _most_fen(fee),
        "guide_published": content.guide_published,
        "arrangement": content.arrangement.value,
    }


def _most_fen(fee: Fee) -> int | None:
    if isinstance(fee, FeeStandard):
        return fee.most_fen
    return 0 if fee is None else None


def _card(of: Surroundings) -> bool:
    enterprise = of.enterprise
    return bool(enterprise) and of.law.registers.holds(enterprise, of.law.day(of.act.at))


def _approval(of: Surroundings) -> Values | None:
    number = _fields(of.act).get("approval")
    approval = of.law.registers.approval(str(number)) if number else None
    if approval is None:
        return None
    return {
        "number": approval.number,
        "unit": approval.terms.unit,
        "year": approval.terms.year,
        "valid": approval.covers(of.enterprise, of.law.day(of.act.at)),
        "quota": approval.terms.times,
    }


def _band(of: Surroundings) -> Values | None:
    offence, grade = _fields(of.act).get("offence"), _fields(of.act).get("grade")
    if not offence or not grade:
        return None
    band = of.law.registers.band(str(offence), str(grade), of.law.day(of.act.at))
    if band is None:
        return None
    return {"grade": band.code, "least_fen": band.least, "most_fen": band.most}


def _day(of: Surroundings) -> datetime:
    return start_of_day(of.law.day(of.act.at), of.law.office.zone)


ASKED: Mapping[str, Callable[[Surroundings], object]] = {
    "fact": _fact,
    "case": _case,
    "item": _item,
    "card": _card,
    "approval": _approval,
    "band": _band,
    "day": _day,
}
"""Each name that a formula on an act may ask for."""
