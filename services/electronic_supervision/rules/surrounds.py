"""The law of an example: its rule, its item and its registers, and nothing else."""

from datetime import date
from typing import assert_never

from services.electronic_supervision.domain.catalogue import catalogue
from services.electronic_supervision.domain.catalogue.catalogue import Catalogue
from services.electronic_supervision.domain.catalogue.item_acts import ItemPublished
from services.electronic_supervision.domain.catalogue.item_content import (
    Fee,
    FeeStandard,
    ItemContent,
    Material,
    Nature,
    Step,
    Unstated,
)
from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.registers import registers
from services.electronic_supervision.domain.registers.discretion_band_acts import (
    DiscretionBandsSet,
    Grade,
)
from services.electronic_supervision.domain.registers.green_card_acts import GreenCardGranted
from services.electronic_supervision.domain.registers.inspection_approval import (
    InspectionApproved,
    Terms,
)
from services.electronic_supervision.domain.registers.registers import Registers
from services.electronic_supervision.domain.rules.book import Entry, book
from services.electronic_supervision.domain.rules.rule import Rule
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    Measure,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.rules.example import (
    DEFAULTS,
    ApprovalForm,
    ExampleForm,
    ItemForm,
)

LONG_AGO = date(2000, 1, 1)
FOR_EVER = date(2100, 1, 1)


def law_of(rule: Rule, example: ExampleForm, office: Office) -> Law:
    """Return what an example is judged by."""
    return Law(
        office=office,
        book=book([Entry(rule)]),
        catalogue=_catalogue(example.item),
        registers=_registers(example, office),
    )


def _catalogue(item: ItemForm | None) -> Catalogue:
    if item is None:
        return Catalogue()
    content = ItemContent(
        name=DEFAULTS["item"],
        unit=DEFAULTS["unit"],
        nature=Nature(item.nature.value),
        promised=_period(item.promised),
        green_card=_period(item.green_card),
        steps=tuple(
            Step(code=each, name=each, limit=_period(item.step_limit)) for each in item.steps
        ),
        materials=tuple(Material(code=each, name=each) for each in item.materials),
        fee=_fee(item),
        guide_published=item.guide_published,
    )
    published = ItemPublished(
        code=DEFAULTS["item"],
        content=content,
        aliases=(),
        effective_from=LONG_AGO,
        is_backdated=False,
        reason="",
    )
    return catalogue.fold([published])


def _fee(item: ItemForm) -> Fee:
    if item.fee == "not-stated":
        return Unstated.NOT_STATED
    return None if item.fee == "none" else FeeStandard(clause="样例", most_fen=item.fee_most_fen)


def _period(limit: Limit | None) -> Period | None:
    match limit:
        case None:
            return None
        case WorkingDays(days):
            return Period(amount=days, measure=Measure.WORKING_DAYS)
        case CalendarDays(days):
            return Period(amount=days, measure=Measure.CALENDAR_DAYS)
        case OfficeHours(time):
            return Period(amount=int(time.total_seconds()) // 60, measure=Measure.OFFICE_HOURS)
        case Hours(time):
            return Period(amount=int(time.total_seconds()) // 60, measure=Measure.HOURS)
        case _:
            assert_never(limit)


def _registers(example: ExampleForm, office: Office) -> Registers:
    events: list[registers.Event] = []
    if example.card is not None:
        events.append(
            GreenCardGranted(
                enterprise=example.card,
                name="样例企业",
                effective_from=LONG_AGO,
                last_day=FOR_EVER,
            )
        )
    if example.approval is not None:
        events.append(_approved(example.approval, office))
    if example.band is not None:
        band = example.band
        grade = Grade(
            code=band.grade, circumstances="样例", least=band.least_fen, most=band.most_fen
        )
        events.append(
            DiscretionBandsSet(
                offence=band.offence,
                name="样例",
                clause="样例",
                grades=(grade,),
                effective_from=LONG_AGO,
            )
        )
    return registers.fold(events)


def _approved(form: ApprovalForm, office: Office) -> InspectionApproved:
    first = office.local_date(form.first_day)
    terms = Terms(
        unit=form.unit,
        enterprises=form.enterprises,
        year=first.year,
        purpose="样例",
        first_day=first,
        last_day=office.local_date(form.last_day),
        times=form.times,
    )
    return InspectionApproved(number=form.number, terms=terms)
