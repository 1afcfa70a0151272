"""What electronic supervision tells the city of its catalogue of items."""

from collections.abc import Sequence
from datetime import datetime

from contracts import catalogue as published
from contracts.registry import type_of
from contracts.subjects import ours
from contracts.vocabulary import Limit, LimitUnit
from contracts.wire import compose
from kernel.publishing import UNNUMBERED, publication
from kernel.store.events import NewPublication
from services.electronic_supervision.domain.catalogue.item_acts import (
    Event,
    ItemPublished,
    ItemRevised,
    ItemWithdrawn,
)
from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.domain.time.limits import Measure
from services.electronic_supervision.tenancy import TENANCY

UNITS = {
    Measure.WORKING_DAYS: LimitUnit.WORKING_DAYS,
    Measure.CALENDAR_DAYS: LimitUnit.CALENDAR_DAYS,
    Measure.OFFICE_HOURS: LimitUnit.OFFICE_MINUTES,
    Measure.HOURS: LimitUnit.MINUTES,
}


def say(events: Sequence[tuple[str, Event]], epoch: int, now: datetime) -> Sequence[NewPublication]:
    """Prepare what is said of new events, given with their ids; `now` (aware) is their time.

    What systems call an item is between them and us: nothing is said of it.
    """
    told = []
    for index, (id_, event) in enumerate(events):
        if isinstance(event, ItemPublished | ItemRevised):
            told.append(_said(_published(event), id_, index, epoch, now))
        elif isinstance(event, ItemWithdrawn):
            gone = published.ItemWithdrawn(
                item=event.code, unit=event.unit, withdrawn_from=event.effective_from
            )
            told.append(_said(gone, id_, index, epoch, now))
    return told


def _said(
    data: published.ItemPublished | published.ItemWithdrawn,
    id_: str,
    of_event: int,
    epoch: int,
    now: datetime,
) -> NewPublication:
    composed = compose(
        data,
        event_id=id_,
        source=TENANCY.source_in(epoch),
        subject=data.item,
        time=now,
        recordedtime=now,
        sequence=UNNUMBERED,
        partitionkey=data.item,
        correlationid=data.item,
    )
    subject = ours(type_of(type(data)), unit=data.unit, key=data.item)
    return publication(composed, subject, of_event=of_event)


def _published(event: ItemPublished | ItemRevised) -> published.ItemPublished:
    content = event.content
    return published.ItemPublished(
        item=event.code,
        name=content.name,
        unit=content.unit,
        nature=published.Nature(content.nature.value),
        effective_from=event.effective_from,
        statutory_limit=_limit(content.statutory),
        statutory_clause=content.statutory_clause or None,
        promised_limit=_limit(content.promised),
        promised_clause=content.promised_clause or None,
        steps=tuple(
            published.ItemStep(step=each.code, name=each.name, limit=_limit(each.limit))
            for each in content.steps
        ),
    )


def _limit(period: Period | None) -> Limit | None:
    return None if period is None else Limit(amount=period.amount, unit=UNITS[period.measure])
