"""From the lines about an item to what the catalogue shall say of it."""

from collections.abc import Iterable

from services.electronic_supervision.catalogue.document.lines import (
    AnyLine,
    ItemLine,
    MaterialLine,
    PauseLine,
    StepLine,
)
from services.electronic_supervision.catalogue.wording import fen_of, period_of
from services.electronic_supervision.domain.catalogue.item_content import (
    Fee,
    FeeStandard,
    ItemContent,
    Material,
    PauseClause,
    Step,
    Unstated,
)
from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.domain.refused import Refused


def content_of(line: ItemLine, parts: Iterable[AnyLine]) -> ItemContent:
    """Return what a line and those of its parts say.

    Raises Refused: `fee-clause-missing`, `fee-needless` (a clause or an amount without a charge).
    """
    parts = list(parts)
    return ItemContent(
        name=line.name,
        unit=line.unit,
        nature=line.nature,
        post_a=line.post_a,
        post_b=line.post_b,
        statutory=_period(line.statutory),
        statutory_clause=line.statutory_clause or "",
        promised=_period(line.promised),
        promised_clause=line.promised_clause or "",
        green_card=_period(line.green_card),
        steps=tuple(
            Step(code=each.code, name=each.name, limit=_period(each.limit))
            for each in parts
            if isinstance(each, StepLine)
        ),
        materials=tuple(
            Material(code=each.code, name=each.name)
            for each in parts
            if isinstance(each, MaterialLine)
        ),
        fee=_fee(line),
        pauses=tuple(
            sorted(
                PauseClause(ground=each.ground.value, clause=each.clause)
                for each in parts
                if isinstance(each, PauseLine)
            )
        ),
        guide_published=line.guide == "yes",
        arrangement=line.arrangement,
        handed_to=line.handed_to,
    )


def _fee(line: ItemLine) -> Fee:
    if line.fee == "standard":
        if line.fee_clause is None:
            raise Refused("fee-clause-missing", field="fee_clause")
        most = None if line.fee_most is None else fen_of(line.fee_most)
        return FeeStandard(clause=line.fee_clause, most_fen=most)
    for field, value in (("fee_clause", line.fee_clause), ("fee_most", line.fee_most)):
        if value is not None:
            raise Refused("fee-needless", field=field)
    return None if line.fee == "none" else Unstated.NOT_STATED


def _period(text: str | None) -> Period | None:
    return None if text is None else period_of(text)
