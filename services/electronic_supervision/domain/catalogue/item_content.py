"""What the catalogue says of an item (事项) in one of its versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.electronic_supervision.domain.catalogue.period import Period


class Nature(StrEnum):
    """What kind of business an item is (性质)."""

    APPROVAL = "approval"
    SERVICE = "service"
    COMPLAINT = "complaint"
    ACCOUNTABILITY = "accountability"
    ASSESSMENT = "assessment"
    INVESTMENT = "investment"
    INSPECTION = "inspection"
    PENALTY = "penalty"
    OTHER = "other"


class Arrangement(StrEnum):
    """Where an item is handled: in the unit, all in its one section and hall, or further down."""

    NORMAL = "normal"
    CENTRALISED = "centralised"
    """两个集中"""
    HANDED_DOWN = "handed-down"
    """下放"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step (环节), with a limit of its own if it has one."""

    code: str
    name: str
    limit: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What an applicant has to bring (材料)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class PauseClause:
    """A ground on which the clock may stand still for this item, and the clause that says so."""

    ground: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeStandard:
    """A fee may be charged: by which clause, and how much at most (fen; None: not told)."""

    clause: str
    most_fen: int | None = None


class Unstated(StrEnum):
    """The catalogue does not say whether a fee may be charged."""

    NOT_STATED = "not-stated"


Fee = FeeStandard | None | Unstated
"""None: no fee may be charged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContent:
    """A version of an item; units and posts by their codes in the register, A before B.

    Steps are in order; materials too, as the guide lists them; `pauses` are sorted. The clauses
    belong to the limits and are empty without one. `handed_to` is the unit it is handed down to.
    """

    name: str
    unit: str
    nature: Nature
    post_a: str | None = None
    post_b: str | None = None
    statutory: Period | None = None
    statutory_clause: str = ""
    promised: Period | None = None
    promised_clause: str = ""
    green_card: Period | None = None
    """绿卡: the limit for holders of a green card."""
    steps: tuple[Step, ...] = ()
    materials: tuple[Material, ...] = ()
    fee: Fee = Unstated.NOT_STATED
    pauses: tuple[PauseClause, ...] = ()
    guide_published: bool = False
    """办事指南"""
    arrangement: Arrangement = Arrangement.NORMAL
    handed_to: str | None = None

    @property
    def grounds(self) -> Mapping[str, str]:
        """Return the clauses by the grounds that they allow."""
        return {each.ground: each.clause for each in self.pauses}

    @property
    def allowed(self) -> Period | None:
        """Return the limit that binds: what was promised, else what the law gives."""
        return self.promised if self.promised is not None else self.statutory
