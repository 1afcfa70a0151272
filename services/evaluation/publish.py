"""What evaluation tells the city of its register: everything, since none of it is private."""

from collections.abc import Sequence
from datetime import datetime

from contracts.registry import type_of
from contracts.subjects import ours
from contracts.wire import compose
from kernel.publishing import UNNUMBERED, publication
from kernel.store.events import NewPublication
from services.evaluation.domain import post_acts, section, unit_acts
from services.evaluation.saying.people import said_of_person
from services.evaluation.saying.posts import said_of_post
from services.evaluation.saying.sections import said_of_section
from services.evaluation.saying.told import Told
from services.evaluation.saying.units import said_of_unit
from services.evaluation.store import Event
from services.evaluation.tenancy import TENANCY


def say(
    events: Sequence[tuple[str, Event]], *, source: str, now: datetime
) -> Sequence[NewPublication]:
    """Prepare what is said of new events, given with their ids; `now` (aware) is their time.

    From which day they hold is part of what is said.
    """
    return [_said(event, id_, index, source, now) for index, (id_, event) in enumerate(events)]


def say_in(
    events: Sequence[tuple[str, Event]], epoch: int, now: datetime
) -> Sequence[NewPublication]:
    """Do the same in an epoch of ours."""
    return say(events, source=TENANCY.source_in(epoch), now=now)


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
    subject = ours(type_of(type(data)), unit=data.unit, key=event.code)
    return publication(composed, subject, of_event=of_event)


def _data(event: Event) -> Told:
    if isinstance(event, unit_acts.Event):
        return said_of_unit(event)
    if isinstance(event, section.Event):
        return said_of_section(event)
    if isinstance(event, post_acts.Event):
        return said_of_post(event)
    return said_of_person(event)
