"""What programs are shown of the registers."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field

from kernel.store.events import StoredEvent
from services.electronic_supervision.domain.registers.discretion_band import Offence
from services.electronic_supervision.domain.registers.green_card import GreenCard
from services.electronic_supervision.domain.registers.inspection_approval import Approval
from services.electronic_supervision.domain.registers.inspection_quota import Quota
from services.electronic_supervision.domain.registers.service_chain import ServiceChain
from services.electronic_supervision.domain.registers.versions import Versions
from services.electronic_supervision.registers.document.remarks import noticed
from services.electronic_supervision.registers.forms.chains import MEASURES
from services.electronic_supervision.registers.reading import State, row_on, state_on

UNITS = {measure: unit.value for unit, measure in MEASURES.items()}


class Shown(BaseModel):
    """An entry on a day; `state` is valid, suspended, withdrawn, expired or future."""

    code: str
    name: str
    state: State
    first_day: date
    """First local day of this version."""
    last_day: date | None
    """Last local day on which it may hold; null: no end known."""


class CardView(Shown):
    """A green card; its code is the number of the enterprise."""

    kind: Literal["green-card"] = "green-card"
    granted_from: date
    reason: str


class ApprovalView(Shown):
    """An approval of inspections; its name is the purpose."""

    kind: Literal["inspection-approval"] = "inspection-approval"
    unit: str
    enterprises: list[str]
    year: int
    times: int
    revoked_from: date | None
    reason: str


class ExceptionView(BaseModel):
    """An enterprise that may be inspected another number of times."""

    enterprise: str
    times: int
    reason: str


class QuotaView(Shown):
    """How often a unit may inspect an enterprise in a year."""

    kind: Literal["inspection-quota"] = "inspection-quota"
    unit: str
    year: int
    times: int
    exceptions: list[ExceptionView]


class StageView(BaseModel):
    """A stage; `limit` has `amount` and `unit`, as in events."""

    code: str
    name: str
    unit: str
    limit: dict[str, int | str] | None


class ChainView(Shown):
    """A chain of services, its stages in order."""

    kind: Literal["service-chain"] = "service-chain"
    stages: list[StageView]


class GradeView(BaseModel):
    """A grade with the least and the most fine, in fen."""

    code: str
    circumstances: str
    least_fen: int
    most_fen: int


class BandView(Shown):
    """The bands of an offence; `remarks` tell of overlaps and gaps, in Chinese."""

    kind: Literal["discretion-band"] = "discretion-band"
    clause: str
    grades: list[GradeView]
    remarks: list[str]


View: TypeAlias = Annotated[
    CardView | ApprovalView | QuotaView | ChainView | BandView, Field(discriminator="kind")
]


class ChangeView(BaseModel):
    """Something that happened to an entry: when it was recorded, by whom, and what was said."""

    version: int
    type: str
    recorded_at: datetime
    by: str | None
    role: str | None
    told: dict[str, Any]

    @classmethod
    def of(cls, stored: StoredEvent) -> "ChangeView":
        """Show an event of the record."""
        about = json.loads(stored.metadata)
        return cls(
            version=stored.version,
            type=stored.type,
            recorded_at=stored.recorded_at,
            by=about.get("by"),
            role=about.get("role"),
            told=json.loads(stored.data),
        )


def view_of(code: str, state: Any, day: date) -> View | None:
    """Show an entry as it is on a day, or will be first; None if it never was."""
    row = row_on(state, day)
    if row is None:
        return None
    told: dict[str, Any] = {
        "code": code,
        "name": row.name,
        "state": state_on(row, day),
        "first_day": row.first_day,
        "last_day": row.last_day,
    }
    version = state.at(row.first_day) if isinstance(state, Versions) else state
    match version:
        case GreenCard():
            return CardView(**told, granted_from=version.granted_from, reason=version.reason)
        case Approval():
            return _approval(version, told)
        case Quota():
            return _quota(version, told)
        case ServiceChain():
            return _chain(version, told)
        case Offence():
            return _band(version, told)
        case _:
            raise TypeError(version)


def _approval(approval: Approval, told: dict[str, Any]) -> ApprovalView:
    terms = approval.terms
    return ApprovalView(
        **told,
        unit=terms.unit,
        enterprises=list(terms.enterprises),
        year=terms.year,
        times=terms.times,
        revoked_from=approval.revoked_from,
        reason=approval.reason,
    )


def _quota(quota: Quota, told: dict[str, Any]) -> QuotaView:
    exceptions = [
        ExceptionView(enterprise=each, times=exempt.times, reason=exempt.reason)
        for each, exempt in sorted(quota.exceptions.items())
    ]
    return QuotaView(
        **told, unit=quota.unit, year=quota.year, times=quota.times, exceptions=exceptions
    )


def _chain(chain: ServiceChain, told: dict[str, Any]) -> ChainView:
    stages = [
        StageView(
            code=each.code,
            name=each.name,
            unit=each.unit,
            limit=None
            if each.time is None
            else {"amount": each.time.amount, "unit": UNITS[each.time.measure]},
        )
        for each in chain.stages
    ]
    return ChainView(**told, stages=stages)


def _band(offence: Offence, told: dict[str, Any]) -> BandView:
    grades = [
        GradeView(
            code=each.code,
            circumstances=each.circumstances,
            least_fen=each.least,
            most_fen=each.most,
        )
        for each in offence.grades
    ]
    remarks = [each.words for each in noticed(offence.offence, offence.grades)]
    return BandView(**told, clause=offence.clause, grades=grades, remarks=remarks)
