"""What programs send of items, and are shown of them."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.approvals import PauseGround
from contracts.vocabulary import Code, Fen, LimitUnit, UriReference
from services.electronic_supervision.catalogue.document.lines import Clause, Day, Name
from services.electronic_supervision.catalogue.reading import ItemRow, Standing
from services.electronic_supervision.catalogue.saying import UNITS
from services.electronic_supervision.domain.catalogue.catalogue import ItemVersion
from services.electronic_supervision.domain.catalogue.item_acts import ItemAlias
from services.electronic_supervision.domain.catalogue.item_content import (
    Arrangement,
    FeeStandard,
    ItemContent,
    Material,
    Nature,
    PauseClause,
    Step,
    Unstated,
)
from services.electronic_supervision.domain.catalogue.period import Period

MEASURES = {unit: measure for measure, unit in UNITS.items()}
MOST_PARTS = 200


class Form(BaseModel):
    """A field we do not know is refused, since it was meant."""

    model_config = ConfigDict(extra="forbid")


class LimitForm(Form):
    """So many of one unit; those of hours in minutes."""

    amount: Annotated[int, Field(ge=1, le=1_000_000)]
    unit: LimitUnit

    def period(self) -> Period:
        """Return it in words of the domain."""
        return Period(amount=self.amount, measure=MEASURES[self.unit])

    @classmethod
    def of(cls, period: Period | None) -> "LimitForm | None":
        """Show a limit."""
        if period is None:
            return None
        return cls(amount=period.amount, unit=UNITS[period.measure])


def _period(limit: LimitForm | None) -> Period | None:
    return None if limit is None else limit.period()


class StepForm(Form):
    """A step, with a limit of its own if it has one."""

    code: Code
    name: Name
    limit: LimitForm | None = None


class MaterialForm(Form):
    """What an applicant has to bring."""

    code: Code
    name: Name


class PauseForm(Form):
    """A ground on which the clock may stand still, and the clause that says so."""

    ground: PauseGround
    clause: Clause


class FeeForm(Form):
    """A fee may be charged: by which clause, and how much at most."""

    clause: Clause
    most_fen: Fen | None = None


class AliasForm(Form):
    """What one city system calls the item."""

    source: UriReference
    code: Code

    def alias(self) -> ItemAlias:
        """Return it in words of the domain."""
        return ItemAlias(source=self.source, code=self.code)


class ContentForm(Form):
    """What the catalogue says of an item; `fee` null: none may be charged."""

    name: Name
    unit: Code
    nature: Nature
    post_a: Code | None = None
    post_b: Code | None = None
    statutory_limit: LimitForm | None = None
    statutory_clause: Clause | None = None
    promised_limit: LimitForm | None = None
    promised_clause: Clause | None = None
    green_card_limit: LimitForm | None = None
    steps: Annotated[list[StepForm], Field(max_length=MOST_PARTS)] = Field(default_factory=list)
    materials: Annotated[list[MaterialForm], Field(max_length=MOST_PARTS)] = Field(
        default_factory=list
    )
    fee: FeeForm | Literal["not-stated"] | None = "not-stated"
    pauses: Annotated[list[PauseForm], Field(max_length=MOST_PARTS)] = Field(default_factory=list)
    guide_published: bool = False
    arrangement: Arrangement = Arrangement.NORMAL
    handed_to: Code | None = None

    def content(self) -> ItemContent:
        """Return it in words of the domain."""
        return ItemContent(
            name=self.name,
            unit=self.unit,
            nature=self.nature,
            post_a=self.post_a,
            post_b=self.post_b,
            statutory=_period(self.statutory_limit),
            statutory_clause=self.statutory_clause or "",
            promised=_period(self.promised_limit),
            promised_clause=self.promised_clause or "",
            green_card=_period(self.green_card_limit),
            steps=tuple(
                Step(code=each.code, name=each.name, limit=_period(each.limit))
                for each in self.steps
            ),
            materials=tuple(Material(code=each.code, name=each.name) for each in self.materials),
            fee=FeeStandard(clause=self.fee.clause, most_fen=self.fee.most_fen)
            if isinstance(self.fee, FeeForm)
            else None
            if self.fee is None
            else Unstated.NOT_STATED,
            pauses=tuple(
                sorted(
                    PauseClause(ground=each.ground.value, clause=each.clause)
                    for each in self.pauses
                )
            ),
            guide_published=self.guide_published,
            arrangement=self.arrangement,
            handed_to=self.handed_to,
        )

    @classmethod
    def of(cls, content: ItemContent) -> "ContentForm":
        """Show what the catalogue says."""
        fee = content.fee
        return cls(
            name=content.name,
            unit=content.unit,
            nature=content.nature,
            post_a=content.post_a,
            post_b=content.post_b,
            statutory_limit=LimitForm.of(content.statutory),
            statutory_clause=content.statutory_clause or None,
            promised_limit=LimitForm.of(content.promised),
            promised_clause=content.promised_clause or None,
            green_card_limit=LimitForm.of(content.green_card),
            steps=[
                StepForm(code=each.code, name=each.name, limit=LimitForm.of(each.limit))
                for each in content.steps
            ],
            materials=[MaterialForm(code=each.code, name=each.name) for each in content.materials],
            fee=FeeForm(clause=fee.clause, most_fen=fee.most_fen)
            if isinstance(fee, FeeStandard)
            else None
            if fee is None
            else "not-stated",
            pauses=[
                PauseForm(ground=PauseGround(each.ground), clause=each.clause)
                for each in content.pauses
            ],
            guide_published=content.guide_published,
            arrangement=content.arrangement,
            handed_to=content.handed_to,
        )


class Publication(Form):
    """发布事项"""

    content: ContentForm
    aliases: Annotated[list[AliasForm], Field(max_length=100)] = Field(default_factory=list)
    effective_from: Day
    reason: Clause | None = None


class Revision(Form):
    """变更事项"""

    content: ContentForm
    effective_from: Day
    reason: Clause | None = None


class Withdrawal(Form):
    """取消事项"""

    effective_from: Day
    reason: Clause | None = None


class VersionView(BaseModel):
    """What an item is from a local day on."""

    version: int
    effective_from: date
    content: ContentForm

    @classmethod
    def of(cls, version: ItemVersion) -> "VersionView":
        """Show a version."""
        return cls(
            version=version.number,
            effective_from=version.effective_from,
            content=ContentForm.of(version.content),
        )


class ItemView(BaseModel):
    """An item as it is on a day; `effective_from` is the first day of that version."""

    code: str
    standing: Standing
    since: date
    withdrawn_from: date | None
    unit_name: str | None
    version: int
    effective_from: date
    content: ContentForm

    @classmethod
    def of(cls, row: ItemRow) -> "ItemView":
        """Show an item."""
        return cls(
            code=row.code,
            standing=row.standing,
            since=row.since,
            withdrawn_from=row.withdrawn_from,
            unit_name=row.unit_name,
            version=row.number,
            effective_from=row.first_day,
            content=ContentForm.of(row.content),
        )


class WholeItemView(ItemView):
    """An item with all its versions, and what systems call it."""

    versions: list[VersionView]
    aliases: list[AliasForm]


class ChangeView(BaseModel):
    """When something was recorded of an item, by whom, and what."""

    version: int
    kind: Literal["published", "revised", "withdrawn", "alias-added", "alias-removed"]
    recorded_at: datetime
    by: str | None
    role: str | None = None
    effective_from: date | None = None
    is_backdated: bool | None = None
    reason: str | None = None
    content: ContentForm | None = None
    alias: AliasForm | None = None
