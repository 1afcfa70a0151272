"""What evaluation tells the city of its units: everything, since none of it is private."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from contracts import organisation
from contracts.registry import type_of
from contracts.subjects import ours
from contracts.wire import compose
from kernel.publishing import UNNUMBERED, publication
from kernel.store.events import NewPublication
from services.evaluation.domain.unit import Closed, Event, Registered, Renamed

Said = organisation.UnitRegistered | organisation.UnitRenamed | organisation.UnitClosed


def say(
    events: Sequence[tuple[str, Event]], *, source: str, now: datetime
) -> Sequence[NewPublication]:
    """Prepare what is said of new events, given with their ids; `now` (aware) is their time.

    From which day they hold is part of what is said.
    """
    return [_said(event, id_, index, source, now) for index, (id_, event) in enumerate(events)]


def _said(event: Event, id_: str, of_event: int, source: str, now: datetime) -> NewPublication:
    data = _data(event)
    composed = compose(
        data,
        event_id=id_,
        source=source,
        subject=event.code,
        time=now,
        recordedtime=now,
        sequence=UNNUMBERED,
        partitionkey=event.code,
        correlationid=event.code,
    )
    subject = ours(type_of(type(data)), unit=event.code, key=event.code)
    return publication(composed, subject, of_event=of_event)


def _data(event: Event) -> Said:
    match event:
        case Registered():
            return organisation.UnitRegistered(
                unit=event.code,
                name=event.name,
                group=organisation.UnitGroup(event.group.value),
                aliases=tuple(
                    organisation.Alias(source=each.source, code=each.code) for each in event.aliases
                ),
                effective_from=event.effective_from,
            )
        case Renamed():
            return organisation.UnitRenamed(
                unit=event.code, name=event.name, effective_from=event.effective_from
            )
        case Closed():
            return organisation.UnitClosed(
                unit=event.code, effective_from=event.effective_from, successor=event.successor
            )
        case _:
            assert_never(event)
